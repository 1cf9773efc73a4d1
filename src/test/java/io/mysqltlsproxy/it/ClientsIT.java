package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every client with every server. All clients verify the proxy's certificate, its host name
 * included, and present their own, which the proxy requires.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientsIT {

  private interface Scenario {
    void play(Client client, Site site) throws Client.Failure, IOException;
  }

  /** Clients that have no mysql_old_password, or no more. */
  private static final Set<String> WITHOUT_OLD =
      Set.of(
          "MySQL 9.7 CLI",
          "MariaDB Connector/J 3.5",
          "MariaDB Connector/J 4.0",
          "PyMySQL",
          "npm mysql2");

  /** Clients that have no sha256_password. */
  private static final Set<String> WITHOUT_SHA256 =
      Set.of("MariaDB Connector/J 3.5", "MariaDB Connector/J 4.0");

  private static final int VALUE_BYTES = 20_000_000;

  private final MysqlCli mysqlCli = new MysqlCli();
  private final List<Client> clients = new ArrayList<>();
  private final Map<ServerKind, Site> sites = new EnumMap<>(ServerKind.class);
  private final byte[] value = new byte[VALUE_BYTES];
  private LocalFile file;
  private ProxyCertificates strangers;

  @BeforeAll
  void prepare(@TempDir Path temporary) throws IOException {
    new Random(20).nextBytes(value);
    file = LocalFile.create(temporary.resolve("rows.data"));
    strangers = ProxyCertificates.create(temporary, "CN=client,O=Test");
    clients.add(new MariaDbCli());
    clients.add(mysqlCli);
    JdbcDriver.ofToday().stream().map(JdbcClient::new).forEach(clients::add);
    clients.add(ScriptClient.pyMysql());
    clients.add(ScriptClient.mysql2());
  }

  @AfterAll
  void end() {
    sites.values().forEach(Site::close);
    mysqlCli.close();
  }

  @TestFactory
  Stream<DynamicTest> everyClientWithEveryServer() {
    return Stream.of(ServerKind.values())
        .flatMap(server -> clients.stream().flatMap(client -> cell(client, server)));
  }

  private Stream<DynamicTest> cell(Client client, ServerKind server) {
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(test(client, server, "logs in over TLS", this::logsIn));
    tests.add(test(client, server, "refuses a stranger's certificate", this::refusesStranger));
    if (!(client instanceof JdbcClient)) {
      tests.add(test(client, server, "sees the cipher", ClientsIT::seesTheCipher));
    }
    tests.add(test(client, server, "knows its connection id", ClientsIT::knowsItsConnectionId));
    tests.add(test(client, server, "a prepared statement", ClientsIT::prepares));
    tests.add(test(client, server, "a 20 MB value both ways", this::echoes));
    tests.add(test(client, server, "LOAD DATA LOCAL", this::loads));
    tests.add(test(client, server, "an error as from the server itself", ClientsIT::getsTheError));
    tests.add(test(client, server, "reconnects", ClientsIT::reconnects));
    if (server == ServerKind.MYSQL_9_7) {
      tests.add(test(client, server, "caching_sha2_password, cold", ClientsIT::logsInCold));
      tests.add(test(client, server, "caching_sha2_password, warm", this::logsIn));
      tests.add(plugin(client, server, "sha256_password", Site.SHA256_USER, WITHOUT_SHA256));
    }
    if (server == ServerKind.MYSQL_5_5) {
      tests.add(plugin(client, server, "mysql_old_password", Site.OLD_PASSWORD_USER, WITHOUT_OLD));
    }
    return tests.stream();
  }

  private DynamicTest plugin(
      Client client, ServerKind server, String name, String user, Set<String> without) {
    return without.contains(client.toString())
        ? test(client, server, name + " it does not know, direct or not", cannotLogInAs(user))
        : test(client, server, name, logsInAs(user));
  }

  private DynamicTest test(Client client, ServerKind server, String what, Scenario scenario) {
    return dynamicTest(
        client + " → " + server + ": " + what,
        () -> {
          client.unavailable().ifPresent(Assumptions::abort);
          scenario.play(client, sites.computeIfAbsent(server, Site::of));
        });
  }

  private void logsIn(Client client, Site site) throws Client.Failure {
    assertLogsIn(client, site.login());
  }

  private static void logsInCold(Client client, Site site) throws Client.Failure {
    site.server().sql("FLUSH PRIVILEGES");
    assertLogsIn(client, site.login());
  }

  private static Scenario logsInAs(String user) {
    return (client, site) -> assertLogsIn(client, site.login(user));
  }

  private static Scenario cannotLogInAs(String user) {
    return (client, site) -> {
      for (Login login : List.of(site.direct(user), site.login(user))) {
        assertThrows(Client.Failure.class, () -> client.query(login, "SELECT 1"));
      }
    };
  }

  private static void assertLogsIn(Client client, Login login) throws Client.Failure {
    assertEquals(List.of(login.user() + "@%"), client.query(login, "SELECT CURRENT_USER()"));
  }

  private void refusesStranger(Client client, Site site) {
    Login login = site.login().with(strangers);
    Client.Failure failure =
        assertThrows(Client.Failure.class, () -> client.query(login, "SELECT 1"));
    assertTrue(reasons(failure).contains("cert"), () -> reasons(failure));
  }

  private static String reasons(Throwable failure) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(String::valueOf)
        .collect(Collectors.joining("; "));
  }

  private static void seesTheCipher(Client client, Site site) throws Client.Failure {
    String cipher = client.cipher(site.login()).orElseThrow();
    assertTrue(cipher.matches("TLS_AES_\\w+|TLS_CHACHA20_\\w+|ECDHE-RSA-[\\w-]+"), cipher);
  }

  private static void knowsItsConnectionId(Client client, Site site) throws Client.Failure {
    Client.ConnectionIds ids = client.connectionIds(site.login());
    assertEquals(ids.server(), ids.client());
  }

  private static void prepares(Client client, Site site) throws Client.Failure {
    assertEquals("42 ok", client.prepared(site.login(), "SELECT CONCAT(? + 1, ' ', ?)", 41, "ok"));
  }

  private void echoes(Client client, Site site) throws Client.Failure {
    assertArrayEquals(value, client.echo(site.login(), value));
  }

  private void loads(Client client, Site site) throws Client.Failure {
    TestServer server = site.server();
    server.sql(
        "DROP TABLE IF EXISTS it.loaded",
        "CREATE TABLE it.loaded (" + LocalFile.COLUMN + ") ENGINE = MyISAM");
    client.load(site.login(), file.path(), "it.loaded" + LocalFile.FORMAT);
    assertEquals(file.summary(), server.sql(LocalFile.SUMMARY + "it.loaded").get(0).get(0));
  }

  private static void getsTheError(Client client, Site site) {
    String sql = "SELECT * FROM it.missing";
    Client.Failure direct =
        assertThrows(Client.Failure.class, () -> client.query(site.directAsRoot(), sql));
    Client.Failure proxied =
        assertThrows(Client.Failure.class, () -> client.query(site.login(), sql));
    assertTrue(String.valueOf(direct.getMessage()).startsWith("1146 "), direct.getMessage());
    assertEquals(direct.getMessage(), proxied.getMessage());
  }

  private static void reconnects(Client client, Site site) throws Client.Failure {
    assertThrows(
        Client.Failure.class, () -> client.query(site.login(), "KILL CONNECTION_ID()", "SELECT 1"));
    List<String> first = client.query(site.login(), "SELECT CONNECTION_ID()");
    assertNotEquals(first, client.query(site.login(), "SELECT CONNECTION_ID()"));
  }
}
