package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.RunningProxy;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ssl-status}: what clients are told of their TLS, in front of every server. */
class SslStatusIT {
  private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

  @ParameterizedTest
  @EnumSource
  void everyDriverIsToldItsOwnVersionAndCipher(ServerKind kind) throws Exception {
    try (Site site = Site.of(kind)) {
      for (JdbcDriver driver : JdbcDriver.values()) {
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
