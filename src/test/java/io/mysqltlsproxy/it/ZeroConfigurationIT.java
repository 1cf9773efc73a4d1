package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * MariaDB's clients 11.8 and 11.4 without any option for TLS, which verify by themselves, and a
 * proxy without a certificate: they trust each other by what a DBA pastes into the rules. That of
 * 11.4 comes without the libraries for ed25519 and parsec.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZeroConfigurationIT {
  private static final String PASSWORD = "open sesame";

  @AutoClose private final ClientImage mariadb = new ClientImage("mariadb:11.8");
  private final Path directory;

  /** Two accounts with the same plugin, and how SHOW prints it. */
  private record Account(ServerKind server, String plugin, String identified, String show) {
    String user() {
      return "zero_" + plugin.toLowerCase(Locale.ROOT);
    }

    void create() {
      TestServer running = server.server();
      if (server == ServerKind.MARIADB_11_8) {
        install(running, "ed25519");
        install(running, "parsec");
      }
      for (String user : List.of(user(), user() + "_too")) {
        running.sql("GRANT USAGE ON *.* TO '" + user + "'@'%'" + identified(user));
      }
    }

    private static void install(TestServer server, String name) {
      String there = "SELECT 1 FROM information_schema.plugins WHERE plugin_name = '%s'";
      if (server.sql(there.formatted(name)).isEmpty()) {
        server.sql("INSTALL SONAME 'auth_" + name + "'");
      }
    }

    private String identified(String user) {
      String password = user.endsWith("_too") ? PASSWORD + " too" : PASSWORD;
      return " IDENTIFIED " + identified.formatted(password, password);
    }

    /** What a DBA pastes. */
    String shown(String of) {
      return server.server().sql(show + " '" + of + "'@'%'").stream()
          .map(row -> row.get(0) + ";\n")
          .reduce("", String::concat);
    }

    /** The same, with the hash of this user and the name of that. */
    String pasted(String of) {
      return shown(of).replace(of, user());
    }

    @Override
    public String toString() {
      return server + ", " + plugin;
    }
  }

  ZeroConfigurationIT(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<Account> accounts() {
    String grants = "SHOW GRANTS FOR";
    String create = "SHOW CREATE USER";
    List<Account> accounts = new ArrayList<>();
    accounts.add(new Account(ServerKind.MYSQL_5_5, "native", "BY '%s'", grants));
    accounts.add(new Account(ServerKind.MYSQL_5_6, "native", "BY '%s'", grants));
    accounts.add(new Account(ServerKind.MARIADB_10_2, "native", "BY '%s'", create));
    accounts.add(new Account(ServerKind.MARIADB_10_11, "native", "BY '%s'", create));
    accounts.add(new Account(ServerKind.MARIADB_11_4, "native", "BY '%s'", grants));
    accounts.add(new Account(ServerKind.MARIADB_11_8, "native", "BY '%s'", create));
    accounts.add(
        new Account(
            ServerKind.MARIADB_11_8, "ed25519", "VIA ed25519 USING PASSWORD('%s')", create));
    accounts.add(
        new Account(ServerKind.MARIADB_11_8, "parsec", "VIA parsec USING PASSWORD('%s')", grants));
    accounts.add(
        new Account(
            ServerKind.MARIADB_11_8,
            "either",
            "VIA ed25519 USING PASSWORD('no %s') OR mysql_native_password USING PASSWORD('%s')",
            create));
    return accounts;
  }

  @TestFactory
  Stream<DynamicTest> theClientTrustsTheProxyByTheHashThatItsAccountHas() {
    return accounts().stream()
        .map(
            account ->
                dynamicTest(
                    account.toString(),
                    () -> {
                      mariadb.unavailable().ifPresent(Assumptions::abort);
                      account.create();
                      trusts(account);
                    }));
  }

  private void trusts(Account account) throws IOException {
    Path rules = Files.writeString(directory.resolve("right.sql"), account.pasted(account.user()));
    try (RunningProxy proxy = withoutCertificate(account.server().server(), rules)) {
      for (Tool.Result result : statuses(proxy, account)) {
        assertEquals(0, result.status(), result.error());
        assertTrue(text(result).contains("cert is OK"), text(result));
      }
      othersDoNotMind(proxy, account);
    }
    Path wrong =
        Files.writeString(directory.resolve("wrong.sql"), account.pasted(account.user() + "_too"));
    try (RunningProxy proxy = withoutCertificate(account.server().server(), wrong)) {
      statuses(proxy, account).forEach(ZeroConfigurationIT::refused);
      othersDoNotMind(proxy, account);
    }
    Path none = Files.writeString(directory.resolve("none.sql"), "NO RULES;\n");
    try (RunningProxy proxy = withoutCertificate(account.server().server(), none)) {
      statuses(proxy, account).forEach(ZeroConfigurationIT::refused);
      othersDoNotMind(proxy, account);
    }
  }

  /** Clients that do not ask for the proof come in with a right hash, a wrong one and none. */
  private void othersDoNotMind(RunningProxy proxy, Account account) throws IOException {
    String user = "--user=" + account.user();
    List<String> arguments =
        List.of("--host=127.0.0.1", "--port=" + proxy.port(), user, "-e", "SELECT 1");
    if (!account.plugin().equals("parsec")) {
      List<String> command = new ArrayList<>(List.of("mariadb", "--no-defaults", "--ssl"));
      command.addAll(arguments);
      ProcessBuilder process = new ProcessBuilder(command);
      process.environment().put("MYSQL_PWD", PASSWORD);
      Tool.Result result = Tool.run(process);
      assertEquals(0, result.status(), result.error());
    }
    if (account.server() == ServerKind.MARIADB_11_8) {
      List<String> command =
          new ArrayList<>(List.of("mariadb", "--no-defaults", "--skip-ssl-verify-server-cert"));
      command.addAll(arguments);
      Tool.Result result = mariadb.run(command, Map.of("MYSQL_PWD", PASSWORD));
      assertEquals(0, result.status(), result.error());
    }
  }

  @Test
  void aClientIsTrustedWithTheCertificateItWasShownWhenAnotherReplacesItDuringTheLogin()
      throws Exception {
    mariadb.unavailable().ifPresent(Assumptions::abort);
    Account account = accounts().get(5);
    account.create();
    Path rules = Files.writeString(directory.resolve("swap.sql"), account.pasted(account.user()));
    CertificateAuthority authority = CertificateAuthority.create("CN=Unknown", KeyType.EC);
    authority.issueServer("localhost", KeyType.EC).writeTo(directory, "cert.pem", "key.pem");
    CountDownLatch reloaded = new CountDownLatch(1);
    AtomicInteger answers = new AtomicInteger();
    try (Relay slow =
            Relay.to(
                account.server().server().address(),
                (bytes, offset, length) -> {
                  boolean ok = length > 4 && bytes[offset + 3] == 2 && bytes[offset + 4] == 0;
                  if (ok && answers.incrementAndGet() == 1) {
                    await(reloaded);
                  }
                });
        RunningProxy proxy =
            RunningProxy.before(
                slow.address(),
                "ssl-cert=" + directory.resolve("cert.pem"),
                "ssl-key=" + directory.resolve("key.pem"),
                "accounts=" + rules)) {
      Thread replacing =
          new Thread(
              () -> {
                try {
                  Await.until(() -> answers.get() == 1);
                  authority
                      .issueServer("localhost", KeyType.EC)
                      .writeTo(directory, "cert.pem", "key.pem");
                  proxy.reload();
                  Await.until(
                      () ->
                          proxy.reloadLines().stream()
                              .anyMatch(line -> line.startsWith("reloaded")));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } finally {
                  reloaded.countDown();
                }
              });
      replacing.start();
      Tool.Result result = status(proxy.port(), account.user());
      replacing.join();
      assertEquals(1, proxy.reloadLines().size(), proxy.reloadLines()::toString);
      assertEquals(0, result.status(), result.error());
      assertTrue(text(result).contains("cert is OK"), text(result));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aManInTheMiddleWithAnotherCertificateIsRefused() throws Exception {
    mariadb.unavailable().ifPresent(Assumptions::abort);
    for (Account account : accounts().subList(5, 8)) {
      account.create();
      Path rules = Files.writeString(directory.resolve("mitm.sql"), account.pasted(account.user()));
      CertificateAuthority authority = CertificateAuthority.create("CN=Mallory", KeyType.EC);
      try (RunningProxy proxy = withoutCertificate(account.server().server(), rules);
          ManInTheMiddle between =
              new ManInTheMiddle(
                  proxy.address(),
                  ClientTls.of(authority.issueServer("localhost", KeyType.EC)),
                  ClientTls.NONE)) {
        refused(status(between.port(), account.user()));
        assertEquals(0, status(proxy.port(), account.user()).status());
      }
    }
  }

  @Test
  void aChangeOfUserIsProvedByTheHashOfTheNextUser() throws IOException {
    MariaDb.MARIADB_11_4.unavailable().ifPresent(Assumptions::abort);
    for (Account account : List.of(accounts().get(0), accounts().get(3))) {
      account.create();
      String both = account.shown(account.user()) + account.shown(account.user() + "_too");
      String first = account.shown(account.user());
      assertEquals(List.of("OK", "OK"), changesUser(account, both));
      List<String> outcomes = changesUser(account, first);
      assertEquals("OK", outcomes.get(0));
      assertTrue(outcomes.get(1).startsWith("2026 "), outcomes::toString);
    }
  }

  /** The outcomes of a login and a change of user, with MariaDB's C library of 11.4. */
  private List<String> changesUser(Account account, String rules) throws IOException {
    Path file = Files.writeString(directory.resolve("change.sql"), rules);
    try (RunningProxy proxy = withoutCertificate(account.server().server(), file)) {
      Tool.Result result =
          Tool.run(
              "/usr/bin/python3",
              "src/test/resources/clients/libmariadb_client.py",
              MariaDb.MARIADB_11_4.file("libs/libmariadb.so.3").toString(),
              String.valueOf(proxy.port()),
              account.user(),
              PASSWORD,
              account.user() + "_too",
              PASSWORD + " too");
      assertEquals(0, result.status(), result.error());
      return text(result).lines().toList();
    }
  }

  private static RunningProxy withoutCertificate(TestServer server, Path rules) {
    return RunningProxy.before(
        server.address(), "-ssl-cert", "-ssl-key", "-ssl-ca", "accounts=" + rules);
  }

  /** What each client that has the account's plugin says. */
  private List<Tool.Result> statuses(RunningProxy proxy, Account account) throws IOException {
    List<Tool.Result> results = new ArrayList<>();
    results.add(status(proxy.port(), account.user()));
    if (account.plugin().equals("native") && MariaDb.MARIADB_11_4.unavailable().isEmpty()) {
      List<String> command = command(proxy.port(), account.user());
      command.set(0, MariaDb.MARIADB_11_4.file("bin/mariadb").toString());
      results.add(Tool.run(command.toArray(String[]::new)));
    }
    return results;
  }

  /**
   * By a name, since this client does not verify who is at 127.0.0.1; nor does it where the
   * password comes from the environment.
   */
  private Tool.Result status(int port, String user) throws IOException {
    return mariadb.run(command(port, user), Map.of());
  }

  private static List<String> command(int port, String user) {
    return new ArrayList<>(
        List.of(
            "mariadb",
            "--no-defaults",
            "--protocol=TCP",
            "--host=localhost",
            "--port=" + port,
            "--user=" + user,
            "--password=" + PASSWORD,
            "-e",
            "\\s"));
  }

  private static void refused(Tool.Result result) {
    assertEquals(1, result.status(), () -> text(result));
    assertTrue(result.error().contains("ERROR 2026"), result.error());
  }

  private static String text(Tool.Result result) {
    return new String(result.output(), UTF_8);
  }
}
