package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code check connect}: whether the server can be trusted, and whether an account gets in. The
 * server is MySQL 5.5.9 with the proxy's own {@code run} before it.
 */
class ConnectCheckIT {
  private static final String PASSWORD = "open sesame";

  private final CertificateAuthority authority = ProxyCertificates.shared().authority();
  private final Path directory;

  ConnectCheckIT(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Invocation check(int server, String... flags) {
    return check(Map.of(), server, flags);
  }

  private static Invocation check(Map<String, String> environment, int server, String... flags) {
    List<String> args = new ArrayList<>(List.of("check", "connect", "--format=text"));
    args.add("--backend=127.0.0.1:" + server);
    args.add("--ssl-ca=" + ProxyCertificates.shared().ca());
    args.addAll(List.of(flags));
    return Invocation.of(environment, args.toArray(String[]::new));
  }

  private RunningProxy run(Issued shown, String... options) {
    shown.writeTo(directory, "shown.pem", "shown-key.pem");
    List<String> all = new ArrayList<>(List.of(options));
    all.add("ssl-cert=" + directory.resolve("shown.pem"));
    all.add("ssl-key=" + directory.resolve("shown-key.pem"));
    return RunningProxy.before(Servers.mysql55().address(), all.toArray(String[]::new));
  }

  private static void assertFound(Invocation check, String... texts) {
    for (String text : texts) {
      assertTrue(check.out().contains(text), () -> text + " is not in\n" + check.out());
    }
  }

  private static void assertWrong(Invocation check, String... texts) {
    assertFound(check, texts);
    assertEquals(1, check.status());
    assertFalse(check.out().contains("lets '"), check::out);
  }

  @Test
  void aGoodServerIsDescribedAndAnAccountLogsIn() throws Exception {
    Servers.mysql55()
        .sql(
            "GRANT USAGE ON *.* TO 'checked'@'localhost' IDENTIFIED BY '" + PASSWORD + "'",
            "GRANT USAGE ON *.* TO 'checked'@'127.0.0.1' IDENTIFIED BY '" + PASSWORD + "'");
    Path file = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      Invocation alone = check(run.port());
      assertEquals(0, alone.status(), alone::out);
      assertFound(alone, "MySQL 5.5.9 answers at 127.0.0.1:", ", which verifies");
      assertFalse(alone.out().contains("login"), alone::out);

      Invocation byFile = check(run.port(), "--user=checked", "--password-file=" + file);
      assertEquals(0, byFile.status(), byFile::out);
      assertFound(byFile, "the server lets 'checked' in");
      Invocation byVariable =
          check(Map.of("MYSQL_PWD", PASSWORD), run.port(), "--user=checked", "--format=json");
      assertEquals(0, byVariable.status(), byVariable::out);
      assertFound(byVariable, "\"login\"", "the server lets 'checked' in");

      assertWrong(
          check(Map.of("MYSQL_PWD", "wrong"), run.port(), "--user=checked"),
          "'checked' does not get in: ERROR 1045 (28000): Access denied for user 'checked'");
    }
  }

  @Test
  void theRulesOfBothProxiesCount() throws Exception {
    Path rules =
        Files.writeString(
            directory.resolve("rules.sql"),
            "CREATE USER 'app'@'localhost'; CREATE USER ''@'%' ACCOUNT LOCK;");
    try (RunningProxy run =
        RunningProxy.before(Servers.mysql55().address(), "require=SUBJECT '/CN=somebody'")) {
      assertWrong(check(run.port(), "--user=root"), "'root' does not get in: ERROR 1045");
    }
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      assertWrong(
          check(run.port(), "--user=root", "--accounts=" + rules),
          "'root' does not get in: ERROR 1045");
      assertEquals(0, check(run.port(), "--user=root").status());
    }
  }

  @Test
  void theRulesSeeAClientOfTheKindThatTheOptionsName() throws Exception {
    Path rules =
        Files.writeString(
            directory.resolve("rules.sql"),
            "CREATE USER 'root'@'127.0.0.1'; CREATE USER ''@'%' ACCOUNT LOCK;");
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      assertEquals(0, check(run.port(), "--user=root", "--accounts=" + rules).status());
      assertWrong(
          check(
              run.port(),
              "--user=root",
              "--accounts=" + rules,
              "--socket=" + directory.resolve("mysql.sock")),
          "'root' does not get in: ERROR 1045");
    }
  }

  @Test
  void whereClientsConnectIsChecked() throws Exception {
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      Path socket = Files.createDirectory(directory.resolve("run")).resolve("mysql.sock");
      assertFound(check(run.port(), "--socket=" + socket), "clients connect to " + socket);
      Files.setPosixFilePermissions(
          directory.resolve("run"), PosixFilePermissions.fromString("rwxrwxrwx"));
      assertFound(
          check(run.port(), "--socket=" + socket),
          "everyone on this machine can replace " + socket + " with another socket",
          "chmod go-w " + socket.getParent());
      assertWrong(
          check(run.port(), "--socket=/nowhere/mysql.sock"),
          "there is no directory /nowhere for the socket");
      assertWrong(check(run.port(), "--bind-address=0.0.0.0"), "not a loopback address");
      assertFound(check(run.port(), "--port=" + run.port()), " is in use");
    }
  }

  @Test
  void aServerWhoseCertificateDoesNotVerifyIsNamedWithTheReasonAndGetsNoLogin() throws Exception {
    Issued strangers =
        CertificateAuthority.create("CN=Stranger", KeyType.EC).issueServer("localhost", KeyType.EC);
    Issued elsewhere = authority.certificate("CN=other").dns("other.example").issue();
    Issued expired = authority.certificate("CN=localhost").ip("127.0.0.1").expired().issue();
    Issued revoked = authority.issueServer("localhost", KeyType.EC);
    Path crl = authority.crl().revoke(revoked).writeTo(directory.resolve("crl.pem"));
    for (var each :
        Map.of(
                strangers, "is signed by CN=Stranger, which is neither in --ssl-ca nor sent",
                elsewhere, "is for 'other.example' and not for 127.0.0.1",
                expired, " expired at ",
                revoked, " was revoked at ")
            .entrySet()) {
      try (RunningProxy run = run(each.getKey())) {
        assertWrong(
            check(run.port(), "--ssl-crl=" + crl, "--user=root"),
            "its certificate is rejected: ",
            each.getValue());
        assertEquals(0, run.linesWith("'root'"));
      }
    }
  }

  @Test
  void aCrlThatIsStaleOrSoonWillBeIsNamed() throws Exception {
    Instant now = Instant.now();
    Path crl = directory.resolve("crl.pem");
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      authority
          .crl()
          .valid(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)))
          .writeTo(crl);
      Invocation soon = check(run.port(), "--ssl-crl=" + crl);
      assertEquals(0, soon.status(), soon::out);
      assertFound(soon, "a CRL expires in ", ": from then on servers of its CA are rejected");

      authority.crl().stale().writeTo(crl);
      assertWrong(check(run.port(), "--ssl-crl=" + crl), "servers of this CA are rejected");
    }
  }

  @Test
  void aServerWithoutTlsAndNoneAtAllAreNamed() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite()) {
      assertWrong(
          check(server.port(), "--user=root"), "it does not offer TLS, so no client can log in");
    }
    try (ClosedPort nobody = new ClosedPort()) {
      assertWrong(check(nobody.number(), "--user=root"), " does not answer: ");
    }
  }

  @Test
  void theEndOfTheProxysOwnCertificateIsForetold() throws Exception {
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address())) {
      Issued own =
          authority
              .certificate("CN=mirror")
              .valid(
                  Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(9)))
              .issue();
      own.writeTo(directory, "own.pem", "own-key.pem");
      String[] flags = {
        "--ssl-cert=" + directory.resolve("own.pem"),
        "--ssl-key=" + directory.resolve("own-key.pem")
      };
      Invocation soon = check(run.port(), flags);
      assertEquals(0, soon.status(), soon::out);
      assertTrue(soon.out().contains("warning"), soon::out);
      assertFound(soon, "CN=mirror expires");

      authority
          .certificate("CN=mirror")
          .expired()
          .issue()
          .writeTo(directory, "own.pem", "own-key.pem");
      assertWrong(check(run.port(), flags), "CN=mirror", "expired");
    }
  }

  @Test
  void aServerWithWhichTlsFailsIsThereAllTheSame() throws Exception {
    byte[] greeting = Wire.greeting(Wire.USUAL | Wire.SSL, Wire.NATIVE);
    try (ScriptedServer plain =
            ScriptedServer.start(
                session -> {
                  session.send(0, greeting);
                  session.read();
                  session.send(2, Wire.ok());
                });
        ScriptedServer closing =
            ScriptedServer.start(
                session -> {
                  session.send(0, greeting);
                  session.read();
                  session.close();
                })) {
      assertWrong(
          check(plain.port()),
          "ok      server: MySQL 5.6.99-scripted answers at 127.0.0.1:",
          "wrong   server-tls: TLS with it fails, so no client can log in: the server answered with"
              + " something that is not TLS");
      assertWrong(check(closing.port()), "the server closed the connection during the TLS");
    }
  }
}
