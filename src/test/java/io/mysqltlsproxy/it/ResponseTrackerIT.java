package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of response of every server, to clients of different capabilities. */
class ResponseTrackerIT {
  private static final String USER = "followed";
  private static final long MULTI = 3L << 16 | 1L << 18;
  private static final long LOCAL_FILES = 1L << 7;
  private static final long OPTIONAL_METADATA = 1L << 25;
  private static final long CACHED_METADATA = 1L << 36;
  private static final long BULK = 1L << 34;
  private static final long PROGRESS = 1L << 32;

  static Stream<Arguments> sessions() {
    return Stream.of(ServerKind.values())
        .flatMap(
            kind ->
                LongStream.of(
                        MULTI | LOCAL_FILES,
                        MULTI | LOCAL_FILES | Capabilities.CLIENT_DEPRECATE_EOF,
                        MULTI | OPTIONAL_METADATA | CACHED_METADATA | BULK,
                        MULTI
                            | Capabilities.CLIENT_DEPRECATE_EOF
                            | OPTIONAL_METADATA
                            | CACHED_METADATA
                            | PROGRESS
                            | BULK)
                    .mapToObj(flags -> Arguments.of(kind, flags)));
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void everyStatementIsFollowedToItsEnd(ServerKind kind, long flags) throws Exception {
    try (FollowedClient client = logIn(kind, flags)) {
      for (String sql : statements()) {
        assertEquals(State.IDLE, client.run(Wire.query(sql)), sql + client.tracker.problem());
      }
      if ((flags & LOCAL_FILES) != 0) {
        String load = "LOAD DATA LOCAL INFILE 'file' INTO TABLE t";
        assertEquals(State.IDLE, client.load(load), client.tracker.problem());
        assertEquals(State.IDLE, client.load("SELECT 1; " + load + "; SELECT 2"));
      }
      client.run(Wire.query("BEGIN"));
      client.run(Wire.query("INSERT INTO t VALUES (77)"));
      assertTrue(client.tracker.isInTransaction());
      client.run(Wire.query("ROLLBACK"));
      assertFalse(client.tracker.isInTransaction());
    }
  }

  private static List<String> statements() {
    return List.of(
        "DO 1",
        "SELECT nope",
        "SELECT 1",
        "SELECT NULL",
        "SELECT '', NULL",
        "SELECT * FROM t",
        "SELECT * FROM t WHERE id < 0",
        "SELECT (SELECT id FROM t WHERE id <= outside.id) FROM t AS outside",
        "SELECT 1; SELECT 2; DO 1; SELECT * FROM t",
        "SELECT 1; SELECT nope; SELECT 2",
        "DO 1; DO 2",
        "CALL results()",
        "CALL nothing()",
        "CALL results(); CALL results()",
        "CALL fails()",
        "SELECT REPEAT('x', 250), REPEAT('y', 251), REPEAT('z', 70000)",
        "SELECT REPEAT('x', 16777213)",
        "SELECT REPEAT('x', 16777211)",
        "SELECT REPEAT('x', 16777216), 1",
        "SHOW WARNINGS",
        "SHOW STATUS",
        "CHECK TABLE t",
        "OPTIMIZE TABLE t",
        "ALTER TABLE t ENGINE=InnoDB",
        "EXPLAIN SELECT * FROM t",
        "PREPARE p FROM 'SELECT ?'",
        "EXECUTE p USING @x",
        "SET @@session.resultset_metadata = NONE",
        "SELECT 1, 2",
        "SELECT * FROM t",
        "SELECT 1; SELECT 2, 3",
        "SET @@session.resultset_metadata = FULL",
        "CALL signals()",
        "HANDLER t OPEN",
        "HANDLER t READ FIRST",
        "FLUSH TABLES");
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void everyPreparedStatementIsFollowedToItsEnd(ServerKind kind, long flags) throws Exception {
    try (FollowedClient client = logIn(kind, flags)) {
      List<String> statements =
          List.of(
              "SELECT nope",
              "DO 1",
              "SELECT 1",
              "SELECT * FROM t WHERE id < 4",
              "CALL results()",
              "SHOW STATUS",
              "SELECT (SELECT id FROM t WHERE id <= outside.id) FROM t AS outside",
              "SELECT REPEAT('x', 16777216), 1",
              "INSERT INTO t VALUES (?)",
              "SELECT ?, ?, id FROM t WHERE id > ?");
      for (String metadata : List.of("FULL", "NONE")) {
        client.run(Wire.query("SET @@session.resultset_metadata = " + metadata));
        for (String sql : statements) {
          assertEquals(
              State.IDLE,
              client.run(Wire.of(Command.COM_STMT_PREPARE).text(sql).bytes()),
              sql + client.tracker.problem());
          for (int statement = 1; statement < 4; statement++) {
            for (int cursor = 0; cursor < 2; cursor++) {
              run(client, execute(statement, cursor));
              run(client, execute(statement, cursor));
              run(client, Wire.of(0x1C, statement, 0, 0, 0, 1, 0, 0, 0).bytes());
              run(client, Wire.of(0x1C, statement, 0, 0, 0, 9, 0, 0, 0).bytes());
              run(client, Wire.of(0x1A, statement, 0, 0, 0).bytes());
            }
          }
          run(client, Wire.of(0x19, 1, 0, 0, 0).bytes());
          run(client, Wire.of(0x17, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0, 0).bytes());
        }
      }
    }
  }

  private static void run(FollowedClient client, byte[] command) throws IOException {
    assertEquals(State.IDLE, client.run(command), client.tracker.problem());
  }

  /** Without values for parameters, which is an error where there are some. */
  private static byte[] execute(int statement, int flags) {
    return Wire.of(0x17, statement, 0, 0, 0, flags, 1, 0, 0, 0).bytes();
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void everyOtherCommandIsFollowedToItsEnd(ServerKind kind, long flags) throws Exception {
    FollowedClient client = logIn(kind, flags);
    try {
      for (byte[] command : commands()) {
        try {
          assertEquals(
              State.IDLE,
              client.run(command),
              HexFormat.of().formatHex(command) + ": " + client.tracker.problem());
        } catch (EOFException ended) {
          client.close();
          client = logIn(kind, flags);
        }
      }
    } finally {
      client.close();
    }
  }

  private static List<byte[]> commands() {
    // Others, without what belongs to them, end a MariaDB 10.11.5.
    Stream<byte[]> alone =
        IntStream.of(0, 9, 0xA, 0xB, 0xE, 0xF, 0x10, 0x14, 0x1F).mapToObj(c -> Wire.of(c).bytes());
    Stream<Wire> whole =
        Stream.of(
            Wire.of(),
            Wire.of(Command.COM_INIT_DB).text("followed"),
            Wire.of(Command.COM_INIT_DB).text("nope"),
            Wire.of(Command.COM_FIELD_LIST).text("t").add(0),
            Wire.of(Command.COM_FIELD_LIST).text("t").add(0).text("%"),
            Wire.of(Command.COM_FIELD_LIST).text("nope").add(0),
            Wire.of(Command.COM_CREATE_DB).text("more"),
            Wire.of(Command.COM_DROP_DB).text("more"),
            Wire.of(Command.COM_REFRESH, 1),
            Wire.of(Command.COM_SET_OPTION, 1, 0),
            Wire.of(Command.COM_SET_OPTION, 0, 0),
            Wire.of(Command.COM_SET_OPTION, 9, 0),
            Wire.of(Command.COM_STMT_RESET, 99, 0, 0, 0),
            Wire.of(Command.COM_STMT_FETCH, 99, 0, 0, 0, 1, 0, 0, 0),
            Wire.of(Command.COM_STMT_EXECUTE, 99, 0, 0, 0, 0, 1, 0, 0, 0),
            Wire.of(Command.COM_STMT_CLOSE, 99, 0, 0, 0),
            Wire.of(Command.COM_STMT_SEND_LONG_DATA, 99, 0, 0, 0, 0, 0).text("data"),
            Wire.of(Command.COM_REGISTER_SLAVE, 9, 0, 0, 0, 0, 0, 0, 0, 0).add(new byte[8]));
    return Stream.concat(alone, whole.map(Wire::bytes)).toList();
  }

  private static FollowedClient logIn(ServerKind kind, long flags)
      throws IOException, MalformedPacketException {
    TestServer server = kind.server();
    boolean native_ = kind != ServerKind.MYSQL_9_7;
    if (server.sql("SELECT 1 FROM mysql.user WHERE user = '" + USER + "'").isEmpty()) {
      server.sql(
          "SET GLOBAL max_allowed_packet = 134217728",
          "SET GLOBAL local_infile = ON",
          "CREATE USER '" + USER + "'@'%'",
          "GRANT ALL ON *.* TO '" + USER + "'@'%'",
          "CREATE DATABASE followed",
          "CREATE TABLE followed.t (id INT)",
          "INSERT INTO followed.t VALUES (1), (2), (3)",
          "CREATE PROCEDURE followed.results() BEGIN SELECT 1; SELECT 2, 3 FROM t; END",
          "CREATE PROCEDURE followed.nothing() BEGIN END",
          "CREATE PROCEDURE followed.fails() BEGIN SELECT 1; SELECT nope; END",
          "CREATE PROCEDURE followed.signals()"
              + " SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 65535, MESSAGE_TEXT = 'mine'");
    }
    String plugin = native_ ? Wire.NATIVE : "caching_sha2_password";
    FollowedClient client = FollowedClient.logIn(server, USER, plugin, flags);
    client.run(Wire.query("USE followed"));
    return client;
  }
}
