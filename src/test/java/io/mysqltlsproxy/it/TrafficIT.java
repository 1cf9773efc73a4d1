package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Mysql56;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a connection can carry passes unchanged. */
class TrafficIT {
  private static final int MAX_FRAME_LENGTH = 0xFFFFFF;

  /** The command byte. */
  private static final int QUERY_OVERHEAD = 1;

  /** The length-encoded length of a value of 64 KiB to 16 MiB. */
  private static final int VALUE_OVERHEAD = 4;

  private final JdbcClient mariaDb = new JdbcClient(JdbcDriver.MARIADB_3);
  private final JdbcClient connectorJ = new JdbcClient(JdbcDriver.CONNECTOR_J_8);

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {MAX_FRAME_LENGTH, MAX_FRAME_LENGTH + 1, MAX_FRAME_LENGTH + 2, 40 << 20})
  void packetsOf16MbAndMorePassBothWays(int length) throws Exception {
    try (Site site = Site.of(ServerKind.MYSQL_5_5);
        Connection connection = mariaDb.connect(site.login(), Map.of());
        Statement statement = connection.createStatement()) {
      String set = "SET @v = '%s'";
      String sent = letters(length - QUERY_OVERHEAD - set.formatted("").length());
      statement.execute(set.formatted(sent));
      assertEquals(sent, only(statement, "SELECT @v"));

      String received = letters(length - VALUE_OVERHEAD);
      statement.execute(set.formatted(received));
      assertEquals(received, only(statement, "SELECT @v"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MYSQL_5_5", "MYSQL_9_7", "MARIADB_11_8"})
  void aStatementWithSeveralResultsHasThemAll(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind);
        Connection connection = mariaDb.connect(site.login(), Map.of("allowMultiQueries", "true"));
        Statement statement = connection.createStatement()) {
      List<String> results = new ArrayList<>();
      boolean rows = statement.execute("SELECT 1; SET @v = 2; SELECT @v; SELECT 'three'");
      while (rows || statement.getUpdateCount() >= 0) {
        results.add(rows ? only(statement.getResultSet()) : "ok");
        rows = statement.getMoreResults();
      }
      assertEquals(List.of("1", "ok", "2", "three"), results);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MYSQL_5_5", "MYSQL_9_7", "MARIADB_11_8"})
  void rowsAreFetchedThroughACursorOfTheServer(ServerKind kind) throws Exception {
    Map<String, String> cursors = Map.of("useCursorFetch", "true", "defaultFetchSize", "7");
    try (Site site = Site.of(kind)) {
      site.server()
          .sql(
              "DROP TABLE IF EXISTS it.numbers",
              "CREATE TABLE it.numbers (n INT)",
              "INSERT INTO it.numbers SELECT id FROM information_schema.collations LIMIT 100");
      int fetchesBefore = fetches(site.server());
      try (Connection connection = connectorJ.connect(site.login(), cursors);
          PreparedStatement statement =
              connection.prepareStatement("SELECT n FROM it.numbers WHERE n > ?")) {
        statement.setInt(1, 0);
        int rows = 0;
        try (ResultSet result = statement.executeQuery()) {
          while (result.next()) {
            rows++;
          }
        }
        assertEquals(100, rows);
      }
      assertTrue(fetches(site.server()) - fetchesBefore >= 100 / 7);
    }
  }

  @Test
  void aDumpIsTheSameAsTheServersOwn(@TempDir Path directory) throws Exception {
    LocalFile file = LocalFile.create(directory.resolve("rows.data"));
    try (Site site = Site.of(ServerKind.MARIADB_10_2)) {
      site.server()
          .sql(
              "DROP TABLE IF EXISTS it.dumped",
              "CREATE TABLE it.dumped (" + LocalFile.COLUMN + ") ENGINE = MyISAM");
      mariaDb.load(site.login(), file.path(), "it.dumped" + LocalFile.FORMAT);

      byte[] direct = dump(site.directAsRoot());
      byte[] proxied = dump(site.login());

      assertTrue(direct.length > Files.size(file.path()));
      assertArrayEquals(direct, proxied);
    }
  }

  @Test
  void aBinaryLogOfMysqlIsTheSameAsFromTheServerItself(@TempDir Path directory) throws Exception {
    Mysql56.unavailable().ifPresent(Assumptions::abort);
    try (TestServer server = Mysql56.start("--log-bin=binlog", "--server-id=1")) {
      assertSameBinaryLog(server, directory);
    }
  }

  @Test
  void aBinaryLogOfMariaDbIsTheSameAsFromTheServerItself(@TempDir Path directory) throws Exception {
    MariaDb.MARIADB_10_11.unavailable().ifPresent(Assumptions::abort);
    try (TestServer server = MariaDb.MARIADB_10_11.start("--log-bin=binlog", "--server-id=1")) {
      assertSameBinaryLog(server, directory);
    }
  }

  private static void assertSameBinaryLog(TestServer server, Path directory) throws IOException {
    server.sql(
        "CREATE DATABASE it",
        "CREATE TABLE it.logged (v LONGTEXT)",
        "INSERT INTO it.logged VALUES (REPEAT('logged ', 100000))",
        "INSERT INTO it.logged SELECT * FROM it.logged",
        "FLUSH LOGS");
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      byte[] direct = binaryLog(Login.directly(server, "root", ""), directory.resolve("direct-"));
      byte[] proxied = binaryLog(Login.through(proxy, "root", ""), directory.resolve("proxied-"));
      assertFalse(direct.length == 0);
      assertArrayEquals(direct, proxied);
    }
  }

  private static byte[] binaryLog(Login login, Path prefix) throws IOException {
    tool(
        login,
        "mariadb-binlog",
        "--read-from-remote-server",
        "--raw",
        "--result-file=" + prefix,
        "binlog.000001");
    return Files.readAllBytes(Path.of(prefix + "binlog.000001"));
  }

  private static byte[] dump(Login login) {
    return tool(login, "mariadb-dump", "--skip-dump-date", "--hex-blob", "it", "dumped").output();
  }

  /** Runs one of the programs beside the {@code mariadb} command line. */
  private static Tool.Result tool(Login login, String program, String... arguments) {
    MariaDbCli cli = new MariaDbCli();
    cli.unavailable().ifPresent(Assumptions::abort);
    List<String> command = new ArrayList<>(List.of(program, "--no-defaults", "--protocol=TCP"));
    command.addAll(List.of("--host=127.0.0.1", "--port=" + login.port()));
    command.addAll(List.of("--user=" + login.user(), "--password=" + login.password()));
    command.addAll(cli.tlsOptions(login.tls()));
    command.addAll(List.of(arguments));
    Tool.Result result = Tool.run(new ProcessBuilder(command));
    assertEquals(0, result.status(), result::error);
    return result;
  }

  private static int fetches(TestServer server) {
    return Integer.parseInt(server.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_fetch'").get(0).get(1));
  }

  private static String only(Statement statement, String sql) throws SQLException {
    return only(statement.executeQuery(sql));
  }

  private static String only(ResultSet result) throws SQLException {
    result.next();
    return result.getString(1);
  }

  private static String letters(int length) {
    return new Random(length)
        .ints(length, 'a', 'z' + 1)
        .collect(
            () -> new StringBuilder(length),
            (text, letter) -> text.append((char) letter),
            StringBuilder::append)
        .toString();
  }
}
