package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.TicketKeyLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * MySQL's own client logs in with the TLS session of an earlier login at another proxy ({@code
 * --ssl-session-data}).
 */
class ResumedLoginIT {
  @AutoClose private static final MysqlCli MYSQL = new MysqlCli();
  private static final String REUSED = "SHOW STATUS LIKE 'Ssl_sessions_reused';";

  private final Path dir;
  private final Path keys;
  private final Path session;
  private final TestServer server = Servers.mysql55();

  ResumedLoginIT(@TempDir Path dir) throws IOException {
    this.dir = dir;
    keys = Files.writeString(dir.resolve("ticket.keys"), TicketKeyLines.one() + "\n");
    session = dir.resolve("session.pem");
  }

  @BeforeAll
  static void needsTheClient() {
    Assumptions.assumeTrue(MYSQL.unavailable().isEmpty(), () -> MYSQL.unavailable().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void itIsResumedAtAnotherProxyWithTheSameKeysAndTheServerServesIt(String version)
      throws Exception {
    try (RunningProxy one = before(keys);
        RunningProxy other = before(keys)) {
      logIn(one, version);

      Tool.Result there = resume(other, version);

      assertEquals("Ssl_sessions_reused\t1\n", there.text(), there::error);
      assertEquals(0, there.status(), there::error);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void withOtherKeysTheHandshakeIsAFullOneWhichAClientMayTakeAmiss(String version)
      throws Exception {
    Path others = Files.writeString(dir.resolve("other.keys"), TicketKeyLines.one() + "\n");
    try (RunningProxy one = before(keys);
        RunningProxy other = before(others)) {
      logIn(one, version);

      Tool.Result there = resume(other, version, "--ssl-session-data-continue-on-failed-reuse");
      Tool.Result strict = resume(other, version);

      assertEquals("Ssl_sessions_reused\t0\n", there.text(), there::error);
      assertEquals(1, strict.status());
      assertTrue(strict.error().contains("the session was not reused"), strict::error);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theTicketOfAProxyThatTrustsAnotherAuthorityLetsNobodyIn(String version) throws Exception {
    Path ca =
        CertificateAuthority.create("CN=Another CA", KeyType.EC)
            .issued()
            .writeCertificate(dir.resolve("other-ca.pem"));
    try (RunningProxy one = before(keys);
        RunningProxy other = before(keys, "ssl-ca=" + ca)) {
      logIn(one, version);

      Tool.Result there = resume(other, version, "--ssl-session-data-continue-on-failed-reuse");

      assertEquals("", there.text());
      assertEquals(1, there.status());
      assertTrue(there.error().matches("(?s)ERROR (2026|2013) .*"), there.error());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aResumedSessionIsHeldToTheRulesOfTheProxyThatResumesIt(String version) throws Exception {
    Path rules =
        Files.writeString(dir.resolve("rules.sql"), "ALTER USER root REQUIRE SUBJECT '/CN=laura';");
    try (RunningProxy one = before(keys);
        RunningProxy strict = before(keys, "accounts=" + rules)) {
      logIn(one, version);

      Tool.Result there = resume(strict, version);

      assertEquals("", there.text());
      assertTrue(there.error().startsWith("ERROR 1045 (28000)"), there.error());
    }
  }

  private RunningProxy before(Path file, String... options) {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.add("require=X509");
    all.add("tls-ticket-key-file=" + file);
    return RunningProxy.before(server.address(), all.toArray(String[]::new));
  }

  /** Logs in with a full handshake, and keeps the session. */
  private void logIn(RunningProxy proxy, String version) throws IOException {
    Tool.Result result = run(proxy, version, REUSED + "\nssl_session_data_print " + session + "\n");
    assertEquals("Ssl_sessions_reused\t0\n", result.text(), result::error);
    assertTrue(Files.readString(session).contains("BEGIN SSL SESSION PARAMETERS"));
  }

  private Tool.Result resume(RunningProxy proxy, String version, String... options)
      throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.add("--ssl-session-data=" + session);
    return run(proxy, version, REUSED + "\n", all.toArray(String[]::new));
  }

  private Tool.Result run(RunningProxy proxy, String version, String script, String... options)
      throws IOException {
    Path input = Files.writeString(dir.resolve("script.sql"), script);
    Path output = dir.resolve("output");
    Files.deleteIfExists(output);
    List<String> arguments = new ArrayList<>(List.of("--no-defaults", "--protocol=TCP"));
    arguments.addAll(List.of("--host=127.0.0.1", "--port=" + proxy.port(), "--user=root"));
    arguments.addAll(List.of("--batch", "--skip-column-names", "--tls-version=" + version));
    arguments.addAll(MYSQL.tlsOptions(Optional.of(proxy.certificates())));
    arguments.addAll(Arrays.asList(options));
    Tool.Result result = MYSQL.run(arguments, Map.of(), input, output);
    return new Tool.Result(result.status(), Files.readAllBytes(output), result.error());
  }
}
