package io.mysqltlsproxy.it;

import static io.mysqltlsproxy.check.Level.OK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.check.ConnectChecklist;
import io.mysqltlsproxy.check.Findings;
import io.mysqltlsproxy.check.Item;
import io.mysqltlsproxy.it.TlsOnlyServer.Kind;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.RunningProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients without TLS, through {@code connect}, with servers that require it of everyone. Directly
 * none of them gets in.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectClientsIT {

  private interface Scenario {
    void play(Client client, TlsOnlyServer site) throws Exception;
  }

  private static final String MYSQL_55 = "MySQL 5.5.9 CLI";

  /** Reads over it in the greeting. */
  private static final String WITHOUT_ID = "Connector/J 3.1";

  private static final int VALUE_BYTES = 20_000_000;

  /** What knows neither caching_sha2_password nor sha256_password by itself. */
  private static final Set<String> WITHOUT_SHA2 =
      Set.of(MYSQL_55, "Connector/J 3.1", "Connector/J 5.0", "Connector/J 5.1");

  private static final Set<String> WITH_ED25519 =
      Set.of("MariaDB Connector/J 2.7", "MariaDB Connector/J 3.5", "DBD::mysql");

  private final MysqlCli mysqlCli = new MysqlCli();
  private final List<Client> clients = new ArrayList<>();
  private final Map<Kind, TlsOnlyServer> sites = new EnumMap<>(Kind.class);
  private final byte[] value = new byte[VALUE_BYTES];
  private LocalFile file;

  @BeforeAll
  void prepare(@TempDir Path temporary) throws IOException {
    new Random(20).nextBytes(value);
    file = LocalFile.create(temporary.resolve("rows.data"));
    clients.add(new Mysql55Cli());
    clients.add(mysqlCli);
    clients.add(new JdbcClient(JdbcDriver.CONNECTOR_J_3_1));
    clients.add(new JdbcClient(JdbcDriver.CONNECTOR_J_5_0));
    clients.add(new JdbcClient(JdbcDriver.CONNECTOR_J_5_1));
    clients.add(new JdbcClient(JdbcDriver.CONNECTOR_J_9));
    clients.add(new JdbcClient(JdbcDriver.MARIADB_2));
    clients.add(new JdbcClient(JdbcDriver.MARIADB_3));
    clients.add(ScriptClient.pyMysql());
    clients.add(ScriptClient.mysql2());
    clients.add(ScriptClient.mysqli());
    clients.add(ScriptClient.dbdMysql());
  }

  @AfterAll
  void end() {
    sites.values().forEach(TlsOnlyServer::close);
    mysqlCli.close();
  }

  @TestFactory
  Stream<DynamicTest> everyClientWithEveryServer() {
    return Stream.of(Kind.values())
        .flatMap(
            server ->
                Stream.concat(
                    clients.stream().flatMap(client -> cell(client, server)),
                    Stream.of(
                        test(mysqlCli, server, "resumes TLS sessions", resumes(server)),
                        test(mysqlCli, server, "is checked", checks(server)))));
  }

  private Stream<DynamicTest> cell(Client client, Kind server) {
    String name = client.toString();
    List<DynamicTest> tests = new ArrayList<>();
    if (server == Kind.MYSQL_9_7 && WITHOUT_SHA2.contains(name)) {
      if (name.equals(MYSQL_55)) {
        tests.add(test(client, server, "has no plugin of this server's", ConnectClientsIT::fails));
      }
      return tests.stream();
    }
    if (server == Kind.MYSQL_9_7) {
      tests.add(test(client, server, "cold", ConnectClientsIT::logsInCold));
      if (!name.startsWith("MariaDB Connector/J 3")) {
        tests.add(test(client, server, "sha256_password", logsInAs("sha256")));
      }
    }
    tests.add(test(client, server, "not directly", ConnectClientsIT::isRefusedDirectly));
    tests.add(test(client, server, "logs in", logsInAs(TlsOnlyServer.USER)));
    tests.add(test(client, server, "warm, by the certificate", ConnectClientsIT::logsInAgain));
    if (!name.equals(WITHOUT_ID)) {
      tests.add(test(client, server, "knows its connection id", ConnectClientsIT::knowsItsId));
    }
    tests.add(test(client, server, "20 MB both ways", this::echoes));
    tests.add(test(client, server, "LOAD DATA LOCAL", this::loads));
    tests.add(test(client, server, "reconnects", ConnectClientsIT::reconnects));
    tests.add(test(client, server, "is killed by its id", ConnectClientsIT::isKilled));
    if (client.changesUser()) {
      tests.add(test(client, server, "changes its user", ConnectClientsIT::changesUser));
    }
    if (server == Kind.MARIADB_11_8 && WITH_ED25519.contains(name)) {
      tests.add(test(client, server, "ed25519", logsInAs("ed25519")));
      tests.add(test(client, server, "two plugins in a row", logsInAs("either")));
    }
    if (server == Kind.MARIADB_11_8 && name.equals("MariaDB Connector/J 3.5")) {
      tests.add(test(client, server, "parsec", logsInAs("parsec")));
    }
    return tests.stream();
  }

  private DynamicTest test(Client client, Kind server, String what, Scenario scenario) {
    return dynamicTest(
        client + " → connect → " + server + ": " + what,
        () -> {
          client.unavailable().ifPresent(Assumptions::abort);
          scenario.play(client, sites.computeIfAbsent(server, TlsOnlyServer::of));
        });
  }

  private static void isRefusedDirectly(Client client, TlsOnlyServer site) {
    assertThrows(
        Client.Failure.class,
        () -> client.query(site.direct(TlsOnlyServer.USER), "SELECT CURRENT_USER()"));
  }

  private static void fails(Client client, TlsOnlyServer site) {
    Client.Failure failure =
        assertThrows(
            Client.Failure.class,
            () -> client.query(site.login(TlsOnlyServer.USER), "SELECT CURRENT_USER()"));
    assertTrue(
        String.valueOf(failure.getMessage()).contains("caching_sha2_password"),
        failure.getMessage());
  }

  private static Scenario logsInAs(String user) {
    return (client, site) ->
        assertEquals(List.of(user + "@%"), client.query(site.login(user), "SELECT CURRENT_USER()"));
  }

  private static void logsInCold(Client client, TlsOnlyServer site) throws Client.Failure {
    site.sql("FLUSH PRIVILEGES");
    logInAsUsual(client, site);
  }

  /** By the cache of a server that has one, and for all that matters of sessions of TLS. */
  private static void logsInAgain(Client client, TlsOnlyServer site) throws Client.Failure {
    String user = TlsOnlyServer.BY_CERTIFICATE;
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of(user + "@%"), client.query(site.login(user), "SELECT CURRENT_USER()"));
    }
  }

  /** The mirror shows a certificate, which a MariaDB may forget in a resumed session. */
  private static Scenario resumes(Kind server) {
    boolean mysql = server == Kind.MYSQL_9_7;
    String status =
        "SELECT variable_value FROM %s.session_status WHERE variable_name = 'Ssl_sessions_reused'"
            .formatted(mysql ? "performance_schema" : "information_schema");
    return (client, site) -> {
      site.sql("DO 0");
      assertEquals(
          List.of(mysql ? "1" : "0"), client.query(site.login(TlsOnlyServer.USER), status));
    };
  }

  /** Not by the client, but by {@code check connect}, for every plugin that it knows. */
  private static Scenario checks(Kind server) {
    List<String> users = new ArrayList<>(List.of(TlsOnlyServer.USER, TlsOnlyServer.BY_CERTIFICATE));
    if (server == Kind.MYSQL_9_7) {
      users.add("sha256");
    }
    return (client, site) -> {
      OptionValues options =
          OptionSources.read(
              OptionSet.CONNECT,
              RunningProxy.connectFlags(site.server().port(), TlsOnlyServer.options()),
              Map.of(),
              Path.of("no-option-file.cnf"));
      for (String user : users) {
        byte[] password = TlsOnlyServer.PASSWORD.getBytes(UTF_8);
        Findings good =
            new ConnectChecklist(Optional.of(new Account(user, password, ""))).run(options);
        assertEquals(List.of(), good.all().stream().filter(each -> each.level() != OK).toList());
        assertTrue(good.all().stream().anyMatch(each -> each.item() == Item.LOGIN), user);
        password[0]++;
        Findings bad =
            new ConnectChecklist(Optional.of(new Account(user, password, ""))).run(options);
        assertTrue(
            bad.all().stream().anyMatch(each -> each.message().contains("ERROR 1045")), user);
      }
    };
  }

  private static void logInAsUsual(Client client, TlsOnlyServer site) throws Client.Failure {
    assertEquals(
        List.of("usual@%"), client.query(site.login(TlsOnlyServer.USER), "SELECT CURRENT_USER()"));
  }

  private static void knowsItsId(Client client, TlsOnlyServer site) throws Client.Failure {
    Client.ConnectionIds ids = client.connectionIds(site.login(TlsOnlyServer.USER));
    assertEquals(ids.server(), ids.client());
  }

  private void echoes(Client client, TlsOnlyServer site) throws Client.Failure {
    assertArrayEquals(value, client.echo(site.login(TlsOnlyServer.USER), value));
  }

  private void loads(Client client, TlsOnlyServer site) throws Client.Failure {
    site.sql(
        "DROP TABLE IF EXISTS it.loaded",
        "CREATE TABLE it.loaded (" + LocalFile.COLUMN + ") ENGINE = MyISAM");
    client.load(site.login(TlsOnlyServer.USER), file.path(), "it.loaded" + LocalFile.FORMAT);
    assertEquals(file.summary(), site.sql(LocalFile.SUMMARY + "it.loaded").get(0).get(0));
  }

  private static void reconnects(Client client, TlsOnlyServer site) throws Client.Failure {
    Login login = site.login(TlsOnlyServer.USER);
    assertThrows(
        Client.Failure.class, () -> client.query(login, "KILL CONNECTION_ID()", "SELECT 1"));
    List<String> first = client.query(login, "SELECT CONNECTION_ID()");
    assertNotEquals(first, client.query(login, "SELECT CONNECTION_ID()"));
  }

  private static void isKilled(Client client, TlsOnlyServer site) throws Exception {
    Login login = site.login(TlsOnlyServer.USER);
    CompletableFuture<List<String>> victim =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return client.query(login, "SELECT SLEEP(600)", "SELECT 'survived'");
              } catch (Client.Failure killed) {
                throw new CompletionException(killed);
              }
            });
    String id = "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'";
    Await.assertBecomes(1, () -> site.sql(id).size());
    client.query(login, "KILL " + site.sql(id).get(0).get(0));
    CompletionException end = assertThrows(CompletionException.class, victim::join);
    assertInstanceOf(Client.Failure.class, end.getCause());
  }

  private static void changesUser(Client client, TlsOnlyServer site) {
    if (site.sql("SELECT VERSION()").get(0).get(0).startsWith("9.")) {
      site.sql("FLUSH PRIVILEGES");
    }
    Attempt attempt = new Attempt(site.login(TlsOnlyServer.BY_CERTIFICATE), true);
    assertEquals(List.of("other@%"), client.outcomes(List.of(attempt)));
  }
}
