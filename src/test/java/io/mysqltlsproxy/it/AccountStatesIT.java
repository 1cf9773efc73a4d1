package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Accounts of MySQL 9.7 of which there is more to say than their password. */
class AccountStatesIT {
  private static final String PASSWORD = "open sesame";
  @AutoClose private static final MysqlCli MYSQL_CLI = new MysqlCli();

  private final TestServer server = Servers.container(Container.MYSQL_9_7);

  static Stream<Client> clients() {
    return Stream.of(
        MYSQL_CLI,
        new MariaDbCli(),
        new JdbcClient(JdbcDriver.CONNECTOR_J_9),
        ScriptClient.pyMysql(),
        ScriptClient.mysql2());
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("clients")
  void aProxyUserBecomesTheUserItStandsFor(Client client) {
    create("proxied", "caching_sha2_password", "");
    create("external", "sha256_password", "");
    server.sql(
        // Root from elsewhere may not GRANT PROXY.
        "REPLACE INTO mysql.proxies_priv VALUES ('%','external','%','proxied',0,'',NOW())",
        "FLUSH PRIVILEGES",
        "SET GLOBAL check_proxy_users = ON",
        "SET GLOBAL sha256_password_proxy_users = ON");

    assertSame("proxied@%", client, "external");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("clients")
  void anExpiredPasswordIsTheServersOwnError(Client client) {
    create("expired", "caching_sha2_password", " PASSWORD EXPIRE");

    String outcome = sameOutcome(client, "expired");

    // MySQL's own program says it in its own words.
    assertTrue(outcome.matches("(1820|1862) .*|Please use --connect-expired-password .*"), outcome);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("clients")
  void aLockedAccountIsTheServersOwnError(Client client) {
    create("locked", "caching_sha2_password", " ACCOUNT LOCK");

    String outcome = sameOutcome(client, "locked");

    assertTrue(outcome.startsWith("3118 "), outcome);
  }

  /** The second factor is who runs the proxy, as the server sees it over its socket. */
  @Test
  void twoFactorsAreRelayed() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "the container knows root only");
    MYSQL_CLI.unavailable().ifPresent(Assumptions::abort);
    if (server.sql("SELECT 1 FROM mysql.plugin WHERE name = 'auth_socket'").isEmpty()) {
      server.sql("INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'");
    }
    create("both", "caching_sha2_password", " AND IDENTIFIED WITH auth_socket AS 'root'");
    create("other", "caching_sha2_password", " AND IDENTIFIED WITH auth_socket AS 'nobody'");

    try (RunningProxy proxy = RunningProxy.beforeBackend("unix:" + server.socket().orElseThrow())) {
      assertEquals("both@%", outcome(MYSQL_CLI, Login.through(proxy, "both", PASSWORD)));
      assertEquals("both@%", outcome(MYSQL_CLI, Login.through(proxy, "both", PASSWORD)), "warm");
      for (Login wrong :
          List.of(Login.through(proxy, "both", "wrong"), Login.through(proxy, "other", PASSWORD))) {
        String outcome = outcome(MYSQL_CLI, wrong);
        assertTrue(outcome.matches("(1045|1698) 28000 Access denied .*"), outcome);
      }
    }
  }

  private void create(String user, String plugin, String more) {
    server.sql(
        "DROP USER IF EXISTS '" + user + "'",
        "CREATE USER '" + user + "' IDENTIFIED WITH " + plugin + " BY '" + PASSWORD + "'" + more);
  }

  private void assertSame(String expected, Client client, String user) {
    assertEquals(expected, sameOutcome(client, user));
  }

  private String sameOutcome(Client client, String user) {
    client.unavailable().ifPresent(Assumptions::abort);
    String directly = outcome(client, Login.directly(server, user, PASSWORD));
    server.sql("FLUSH PRIVILEGES");
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      assertEquals(directly, outcome(client, Login.through(proxy, user, PASSWORD)));
    }
    assertNotEquals("", directly);
    return directly;
  }

  private static String outcome(Client client, Login login) {
    return client.outcomes(List.of(new Attempt(login, false))).get(0);
  }
}
