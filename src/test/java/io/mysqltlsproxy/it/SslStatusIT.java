package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ssl-status}: what clients are told of their TLS, in front of every server. */
class SslStatusIT {
  private static final int DEPRECATE_EOF = 1 << 24;
  private static final int OPTIONAL_RESULTSET_METADATA = 1 << 25;
  private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

  @ParameterizedTest
  @EnumSource
  void everyDriverIsToldItsOwnVersionAndCipher(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind)) {
      for (JdbcDriver driver : JdbcDriver.ofToday()) {
        JdbcClient client = new JdbcClient(driver);
        if (driver.unavailable().isPresent()) {
          continue;
        }
        try (Connection connection = client.connect(site.login(), Map.of())) {
          Map<String, String> status = show(connection, "SHOW STATUS LIKE 'Ssl%'");
          assertTrue(VERSIONS.contains(status.get("Ssl_version")), driver + " " + status);
          assertTrue(status.getOrDefault("Ssl_cipher", "").contains("AES"), driver + " " + status);
          assertEquals(
              Map.of("Ssl_cipher", status.get("Ssl_cipher")),
              show(connection, "SHOW SESSION STATUS LIKE 'ssl_cipher'"),
              driver.toString());
          assertEquals(Map.of("1", "2"), show(connection, "SELECT 1, 2"), driver.toString());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCommandLineClientsAreToldToo(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind);
        MysqlCli mysql = new MysqlCli()) {
      for (Client client : List.of(new MariaDbCli(), mysql)) {
        if (client.unavailable().isPresent()) {
          continue;
        }
        List<String> lines =
            client.query(site.login(), "SHOW STATUS LIKE 'Ssl_version'", "SELECT 'behind it'");
        assertEquals(2, lines.size(), client + " " + lines);
        assertTrue(lines.get(0).startsWith("Ssl_version\tTLSv1."), client + " " + lines);
        assertEquals("behind it", lines.get(1), client.toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFormIsAnsweredAndTheConnectionGoesOn(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind);
        Connection connection = connect(site.login())) {
      Map<String, String> all = show(connection, "SHOW STATUS");
      assertTrue(VERSIONS.contains(all.get("Ssl_version")), all.toString());
      assertTrue(all.containsKey("Uptime") && all.containsKey("Aborted_clients"));
      assertEquals("5", all.get("Ssl_verify_mode"));
      assertTrue(all.getOrDefault("Ssl_server_not_after", "").endsWith(" GMT"), all.toString());

      Map<String, String> global = show(connection, "SHOW GLOBAL STATUS LIKE 'Ssl\\_%'");
      assertTrue(Long.parseLong(global.getOrDefault("Ssl_finished_accepts", "0")) > 0);
      assertEquals(
          all.get("Ssl_cipher"),
          show(connection, "SHOW STATUS WHERE Variable_name = 'Ssl_cipher'").get("Ssl_cipher"));

      Map<String, String> have = show(connection, "SHOW VARIABLES LIKE 'have\\_%ssl'");
      if (kind != ServerKind.MYSQL_9_7) {
        assertEquals("YES", have.get("have_ssl"));
        assertEquals("YES", value(connection, "SELECT @@have_ssl"));
      }
      assertFalse(have.containsValue("NO") || have.containsValue("DISABLED"), have.toString());
      assertTrue(show(connection, "SHOW VARIABLES").size() > 100);
      assertEquals(Map.of(), show(connection, "SHOW STATUS LIKE 'no_such_variable'"));
    }
  }

  /** A server that has TLS itself shows what the answers should be; values are their own. */
  @Test
  void everyNotationIsAnsweredWithTheRowsOfAServerThatHasTls() throws Exception {
    ProxyCertificates files = ProxyCertificates.shared();
    MariaDb.MARIADB_11_4.unavailable().ifPresent(Assumptions::abort);
    try (TestServer tls =
            MariaDb.MARIADB_11_4.start(
                "--ssl-ca=" + files.ca(),
                "--ssl-cert=" + files.serverCert(),
                "--ssl-key=" + files.serverKey());
        Site site = Site.of(ServerKind.MARIADB_11_4);
        Connection there =
            several(new Login(tls.port(), "root", tls.rootPassword(), Optional.of(files)));
        Connection here = several(site.login())) {
      for (String question : NOTATIONS) {
        Map<String, String> expected = last(there, question);
        Map<String, String> answer = last(here, question);

        assertEquals(expected.keySet(), answer.keySet(), question);
        answer.forEach(
            (name, value) ->
                assertEquals(expected.getOrDefault(name, "").isEmpty(), value.isEmpty(), name));
      }
    }
  }

  private static final List<String> NOTATIONS =
      List.of(
          "SHOW STATUS LIKE \"Ssl_cipher\"",
          "SHOW\r\n\tSTATUS\nLIKE\n'Ssl_version'\n;",
          "/* from an application */ SHOW SESSION STATUS LIKE 'Ssl\\_c%'",
          "SHOW /* one */ STATUS -- two\nLIKE 'Ssl_cipher' # three",
          "SHOW /*! LOCAL */ STATUS /*!50000 LIKE 'Ssl_cipher' */",
          "SHOW STATUS WHERE Variable_name IN ('Ssl_cipher', \"ssl_version\")",
          "SHOW STATUS WHERE `variable_name` = 'Ssl_cipher' OR variable_name LIKE 'ssl_vers%'",
          "SHOW VARIABLES WHERE Variable_name = 'have_ssl'",
          "SHOW STATUS WHERE Variable_name = 'Ssl_cipher' AND Value <> ''",
          "SHOW STATUS WHERE (Variable_name = 'Ssl_cipher' OR 'Ssl_version' = Variable_name)",
          "SHOW STATUS WHERE LOWER(Variable_name) = LOWER('SSL_CIPHER') AND NOT Value = ''",
          "SHOW STATUS WHERE Variable_name = 'Ssl_cipher' AND Value = ''",
          "SHOW STATUS WHERE Variable_name = 'Ssl\\_cipher'",
          "SHOW STATUS WHERE Variable_name NOT LIKE '%' OR Variable_name IN ('SSL_CIPHER  ')",
          "SHOW /*!50002 GLOBAL */ STATUS LIKE 'Ssl\\_version'",
          "show global variables like \"have\\_%ssl\"",
          "SET @a = ';'; SHOW STATUS LIKE 'Ssl_cipher';",
          "SET @a = 1; SET @b = 2; SHOW VARIABLES LIKE 'have_ssl'");

  private static Connection several(Login login) throws SQLException {
    return new JdbcClient(JdbcDriver.MARIADB_3).connect(login, Map.of("allowMultiQueries", "true"));
  }

  /** The rows of the last result. */
  private static Map<String, String> last(Connection connection, String sql) throws SQLException {
    Map<String, String> values = new TreeMap<>();
    try (Statement statement = connection.createStatement()) {
      boolean isRows = statement.execute(sql);
      while (!isRows && statement.getUpdateCount() >= 0) {
        isRows = statement.getMoreResults();
      }
      try (ResultSet rows = statement.getResultSet()) {
        while (rows.next()) {
          values.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return values;
  }

  @Test
  void questionsThatAreSentAlongWithOtherStatementsAreAnswered() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address());
        RawClient client = RawClient.loggedIn(proxy.address(), ClientTls.NONE, "root")) {
      client.send(0, Wire.query("SET @a = 1"));
      client.send(0, Wire.query("SET @b = 2"));
      client.send(0, Wire.query("SHOW STATUS LIKE 'Ssl_version'"));
      client.send(0, Wire.query("SHOW STATUS WHERE Variable_name = \"Ssl_version\""));
      client.send(0, Wire.query("SET @c = 3"));

      assertTrue(client.read().isOk());
      assertTrue(client.read().isOk());
      assertTrue(answer(client, 6).contains("TLSv1.3"));
      assertTrue(answer(client, 6).contains("TLSv1.3"));
      assertTrue(client.read().isOk());
      client.run("SET @d = 4");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, DEPRECATE_EOF})
  void aClientThatLeavesOutColumnDefinitionsIsAnswered(int flags) throws Exception {
    TestServer server = ServerKind.MYSQL_9_7.server();
    server.sql("CREATE USER IF NOT EXISTS 'brief'@'%'");
    int all = Wire.USUAL | OPTIONAL_RESULTSET_METADATA | flags;
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE, all)) {
      client.send(2, Wire.login(all, "brief", new byte[0], "caching_sha2_password"));
      assertTrue(client.read().isOk());
      client.run("SET SESSION resultset_metadata = NONE");

      client.send(0, Wire.query("SHOW STATUS LIKE 'Ssl_version'"));

      // The number of columns, an EOF unless that is deprecated, one row and the end.
      assertTrue(answer(client, flags == 0 ? 4 : 3).contains("TLSv1.3"));
      client.run("SET @a = 1");
    }
  }

  /** The text of an answer of so many packets. */
  private static String answer(RawClient client, int packets) throws IOException {
    StringBuilder answer = new StringBuilder();
    for (int packet = 1; packet <= packets; packet++) {
      Packet part = client.read();
      assertEquals(packet, part.sequenceId());
      answer.append(new String(part.payload(), StandardCharsets.ISO_8859_1));
    }
    return answer.toString();
  }

  @ParameterizedTest
  @EnumSource
  void anErrorPassesAsItIs(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind);
        Connection connection = connect(site.login());
        Statement statement = connection.createStatement()) {
      assertThrows(
          SQLException.class, () -> statement.execute("SHOW STATUS WHERE no_such_column = 'x'"));
      assertEquals(Map.of("1", "2"), show(connection, "SELECT 1, 2"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerInUtf16PassesAsItIs(ServerKind kind) throws Exception {
    Client client = new MariaDbCli();
    client.unavailable().ifPresent(Assumptions::abort);
    try (Site site = Site.of(kind)) {
      List<String> lines =
          client.query(
              site.login(),
              "SET character_set_results = utf16",
              "SHOW STATUS LIKE 'Ssl_version'",
              "SET character_set_results = utf8",
              "SELECT 'behind it'");
      assertFalse(String.join("", lines).contains("TLSv"), lines.toString());
      assertTrue(lines.get(lines.size() - 1).endsWith("behind it"), lines.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MYSQL_5_5", "MYSQL_5_6", "MYSQL_9_7", "MARIADB_11_8"})
  void switchedOffItLeavesTheServersAnswer(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind);
        RunningProxy off = RunningProxy.before(site.server().address(), "ssl-status=OFF");
        Connection connection = connect(Login.through(off, Site.USER, site.login().password()))) {
      assertEquals(
          "", show(connection, "SHOW STATUS LIKE 'Ssl_version'").getOrDefault("Ssl_version", ""));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MYSQL_5_5", "MYSQL_9_7", "MARIADB_11_8"})
  void aPlainClientIsToldThatItIsPlain(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind);
        RunningProxy open =
            RunningProxy.before(site.server().address(), "require-secure-transport=OFF");
        Connection connection =
            connect(new Login(open.port(), Site.USER, site.login().password(), Optional.empty()))) {
      assertEquals(Map.of("Ssl_cipher", ""), show(connection, "SHOW STATUS LIKE 'Ssl_cipher'"));
    }
  }

  private static Connection connect(Login login) throws SQLException {
    return new JdbcClient(JdbcDriver.MARIADB_3).connect(login, Map.of());
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Map<String, String> show(Connection connection, String sql) throws SQLException {
    Map<String, String> values = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.put(rows.getString(1), rows.getString(2));
      }
    }
    return values;
  }
}
