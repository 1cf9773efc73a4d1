package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What drivers say to real servers, recorded on the way: a driver that does not pipeline sends its
 * next command when it has seen the end of the response before, so that the tracker must call the
 * server idle at exactly that byte, however the bytes come.
 */
class DriverTrafficIT {
  private static final String USER = "traffic";
  private static final int MIN_COMMANDS = 30;

  static Stream<Arguments> sessions() {
    return Stream.of(
            JdbcDriver.CONNECTOR_J_5_1,
            JdbcDriver.CONNECTOR_J_9,
            JdbcDriver.MARIADB_2,
            JdbcDriver.MARIADB_3)
        .flatMap(
            driver ->
                Stream.of(ServerKind.MYSQL_5_5, ServerKind.MARIADB_11_4, ServerKind.MYSQL_9_7)
                    .map(server -> Arguments.of(driver, server)));
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void theServerIsIdleAtExactlyTheByteAtWhichTheDriverGoesOn(
      JdbcDriver driver, ServerKind kind, @TempDir Path directory) throws Exception {
    assumeTrue(driver.unavailable().isEmpty(), () -> driver.unavailable().orElse(""));
    TestServer server = kind.server();
    prepare(server);
    Path file = Files.writeString(directory.resolve("rows"), "7\n8\n9\n");
    RecordedSession recorded = RecordedSession.before(server.address());
    try (recorded;
        Connection connection = driver.connect(recorded.port(), "traffic", properties(driver))) {
      work(connection, file);
    }

    RecordedSession.Replay bytewise = recorded.replay(most -> 1);
    assertTrue(bytewise.commands() > MIN_COMMANDS, "so few commands: " + bytewise.commands());
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      assertEquals(bytewise, recorded.replay(most -> 1 + random.nextInt(most)));
    }
    assertEquals(bytewise, recorded.replay(most -> most));
    assertNotEquals(0, bytewise.files(), "no file");
  }

  private static void prepare(TestServer server) throws Exception {
    if (server.sql("SELECT 1 FROM mysql.user WHERE user = '" + USER + "'").isEmpty()) {
      server.sql(
          "SET GLOBAL local_infile = ON",
          "CREATE USER '" + USER + "'@'%'",
          "GRANT ALL ON *.* TO '" + USER + "'@'%'",
          "CREATE DATABASE traffic",
          "CREATE PROCEDURE traffic.results(n INT) BEGIN SELECT n; SELECT 2, 'x'; END");
    }
  }

  /** Whatever makes a driver use more of the protocol, and send nothing ahead. */
  private static Map<String, String> properties(JdbcDriver driver) {
    Map<String, String> properties = new HashMap<>();
    properties.put("user", USER);
    properties.put("password", "");
    properties.put("allowMultiQueries", "true");
    properties.put("useServerPrepStmts", "true");
    if (driver.isMariaDb()) {
      properties.put("allowLocalInfile", "true");
      properties.put("disablePipeline", "true");
      properties.put("usePipelineAuth", "false");
      properties.put("useBatchMultiSend", "false");
    } else {
      properties.put("useSSL", "false");
      properties.put("allowPublicKeyRetrieval", "true");
      properties.put("allowLoadLocalInfile", "true");
      properties.put("useCursorFetch", "true");
      properties.put("maintainTimeStats", "false");
    }
    return properties;
  }

  private static void work(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS t");
      statement.execute("CREATE TABLE t (id INT, text LONGTEXT) ENGINE=InnoDB");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t VALUES (?, REPEAT('x', ?))")) {
        for (int i = 0; i < 10; i++) {
          insert.setInt(1, i);
          insert.setInt(2, i * 5000);
          insert.executeUpdate();
        }
      }
      connection.commit();
      connection.setAutoCommit(true);
      String load = "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE t (id)";
      statement.execute(load);
      statement.execute("DO 1; SELECT 1; SELECT id FROM t; DO 2");
      while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
        // To the last.
      }
      assertThrows(SQLException.class, () -> statement.execute("SELECT nope"));
      assertThrows(SQLException.class, () -> statement.execute("SELECT 1; SELECT nope"));
      readAll(statement.executeQuery("SELECT * FROM t"));
      readAll(statement.executeQuery("SHOW STATUS"));
      readAll(statement.executeQuery("SELECT NULL, '', REPEAT('y', 300)"));
    }
    readWithCursor(connection);
    try (CallableStatement call = connection.prepareCall("{call results(?)}")) {
      call.setInt(1, 5);
      call.execute();
      while (call.getMoreResults()) {
        readAll(call.getResultSet());
      }
    }
    assertTrue(connection.isValid(5));
    connection.setCatalog("traffic");
    readAll(connection.getMetaData().getColumns("traffic", null, "t", null));
  }

  private static void readWithCursor(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT id, text FROM t WHERE id >= ? ORDER BY id")) {
      for (int from : new int[] {0, 5, 100}) {
        select.setFetchSize(3);
        select.setInt(1, from);
        readAll(select.executeQuery());
      }
    }
  }

  private static void readAll(ResultSet rows) throws SQLException {
    try (rows) {
      while (rows.next()) {
        rows.getString(1);
      }
    }
  }
}
