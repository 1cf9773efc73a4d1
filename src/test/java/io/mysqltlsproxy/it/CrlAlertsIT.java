package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client is told where a CRL speaks against it: the alert that OpenSSL's own server sends,
 * which is given the same files and {@code -crl_check_all}.
 */
class CrlAlertsIT {
  private static final Pattern ALERT = Pattern.compile("SSL alert number (\\d+)");
  private static final String NONE = "none";

  /**
   * At this line s_server closes the connection, and the proxy too, to which it is no login. A
   * client that is to get an alert sends nothing: it could find the connection closed, and not read
   * on.
   */
  private static final String FAREWELL = "CLOSE\n";

  private static final CertificateAuthority ROOT =
      CertificateAuthority.create("CN=Root", KeyType.EC);
  private static final CertificateAuthority IMPOSTOR =
      CertificateAuthority.create("CN=Root", KeyType.EC);
  private static final CertificateAuthority MIDDLE = ROOT.intermediate("CN=Middle", KeyType.EC);
  private static final CertificateAuthority MUTE =
      ROOT.certificate("CN=Mute").keyUsage(KeyUsage.keyCertSign).asIntermediate();
  private static final Issued LAURA = ROOT.issueClient("CN=laura", KeyType.EC);
  private static final Issued MONICA = MIDDLE.issueClient("CN=monica", KeyType.EC);
  private static final Issued MARK = MUTE.issueClient("CN=mark", KeyType.EC);

  /**
   * A case.
   *
   * @param alert its number, by RFC 8446, section 6
   * @param crls what the file holds
   */
  record Situation(String name, Issued client, String alert, String crls) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Situation> situations() {
    return Stream.of(
        new Situation("good", LAURA, NONE, ROOT.crl().pem()),
        new Situation(
            "good below an intermediate", MONICA, NONE, ROOT.crl().pem() + MIDDLE.crl().pem()),
        new Situation("another is revoked", LAURA, NONE, ROOT.crl().revoke(MARK).pem()),
        new Situation("revoked", LAURA, "44", ROOT.crl().revoke(LAURA).pem()),
        new Situation(
            "intermediate revoked",
            MONICA,
            "44",
            ROOT.crl().revoke(MIDDLE.issued()).pem() + MIDDLE.crl().pem()),
        new Situation("root revoked", LAURA, "44", ROOT.crl().revoke(ROOT.issued()).pem()),
        new Situation("stale", LAURA, "45", ROOT.crl().stale().pem()),
        new Situation("stale and revoked", LAURA, "45", ROOT.crl().stale().revoke(LAURA).pem()),
        new Situation(
            "stale but a fresh one too",
            LAURA,
            NONE,
            ROOT.crl().stale().revoke(LAURA).pem() + ROOT.crl().pem()),
        new Situation(
            "the newer counts",
            LAURA,
            NONE,
            ROOT.crl().valid(ago(3), ago(-3)).revoke(LAURA).pem()
                + ROOT.crl().valid(ago(2), ago(-2)).pem()),
        new Situation("not yet valid", LAURA, "42", ROOT.crl().valid(ago(-1), ago(-2)).pem()),
        new Situation("wrong key", LAURA, "51", ROOT.crl().signedBy(IMPOSTOR).pem()),
        new Situation("no crl of the intermediate", MONICA, "48", ROOT.crl().pem()),
        new Situation("no crl of the root", MONICA, "48", MIDDLE.crl().pem()),
        new Situation("issuer may not sign crls", MARK, "46", ROOT.crl().pem() + MUTE.crl().pem()),
        new Situation(
            "unknown critical extension", LAURA, "46", ROOT.crl().unknownCriticalExtension().pem()),
        new Situation("of authorities only", LAURA, "46", ROOT.crl().onlyOfAuthorities().pem()),
        new Situation(
            "of users only but the root needs one too",
            LAURA,
            "46",
            ROOT.crl().onlyOfUsers().pem()),
        new Situation(
            "in two scopes",
            LAURA,
            NONE,
            ROOT.crl().onlyOfUsers().pem() + ROOT.crl().onlyOfAuthorities().pem()),
        new Situation(
            "of another distribution point",
            LAURA,
            "46",
            ROOT.crl().onlyOfDistributionPoint("http://ca/1.crl").pem()));
  }

  @ParameterizedTest
  @MethodSource("situations")
  void theAlertIsTheOneOfOpensslsServer(Situation situation, @TempDir Path dir) throws Exception {
    assumeOpenssl();
    situation.client.writeTo(dir, "client-cert.pem", "client-key.pem");
    Path ca = ROOT.issued().writeCertificate(dir.resolve("ca.pem"));
    Path crl = Files.writeString(dir.resolve("crl.pem"), situation.crls);

    String input = situation.alert.equals(NONE) ? FAREWELL : "";
    assertEquals(situation.alert, alertOfOpenssl(dir, input), "openssl s_server");
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy =
            RunningProxy.before(server.address(), "ssl-ca=" + ca, "ssl-crl=" + crl)) {
      assertEquals(situation.alert, alert(connect(dir, proxy, input)), "the proxy");
    }
  }

  /** After a reload a session that would be resumed is verified anew. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aSessionOfBeforeAReloadDoesNotOutliveItsCertificatesRevocation(
      String version, @TempDir Path dir) throws Exception {
    assumeOpenssl();
    LAURA.writeTo(dir, "client-cert.pem", "client-key.pem");
    Path ca = ROOT.issued().writeCertificate(dir.resolve("ca.pem"));
    Path crl = ROOT.crl().writeTo(dir.resolve("crl.pem"));
    String session = dir.resolve("session.pem").toString();
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy =
            RunningProxy.before(server.address(), "ssl-ca=" + ca, "ssl-crl=" + crl)) {
      Tool.Result first = connect(dir, proxy, FAREWELL, version, "-sess_out", session);
      assertTrue(first.text().contains("New, TLSv1."), first::error);

      ROOT.crl().revoke(LAURA).writeTo(crl);
      Await.until(() -> !proxy.reloadLines().isEmpty());

      Tool.Result second = connect(dir, proxy, "", version, "-sess_in", session);
      assertEquals("44", alert(second), second::error);
    }
  }

  /** Without a reload in between: nothing but time has passed. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aSessionIsNotResumedOnceItsCrlHasBecomeStale(String version, @TempDir Path dir)
      throws Exception {
    assumeOpenssl();
    LAURA.writeTo(dir, "client-cert.pem", "client-key.pem");
    Path ca = ROOT.issued().writeCertificate(dir.resolve("ca.pem"));
    Instant due = Instant.now().plusSeconds(8);
    Path crl = ROOT.crl().valid(ago(1), due).writeTo(dir.resolve("crl.pem"));
    String session = dir.resolve("session.pem").toString();
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy =
            RunningProxy.before(server.address(), "ssl-ca=" + ca, "ssl-crl=" + crl)) {
      connect(dir, proxy, FAREWELL, version, "-sess_out", session);
      Tool.Result good = connect(dir, proxy, FAREWELL, version, "-sess_in", session);
      assertTrue(good.text().contains("Reused, TLSv1."), good::error);
      Thread.sleep(Math.max(0, Duration.between(Instant.now(), due).toMillis()) + 100);

      Tool.Result late = connect(dir, proxy, "", version, "-sess_in", session);

      assertEquals(NONE, alert(late), late::error);
      Await.assertBecomes(1L, () -> proxy.linesWith(" is stale: the next one was due at "));
      assertEquals(List.of(), proxy.reloadLines());
    }
  }

  private static Tool.Result connect(
      Path dir, RunningProxy proxy, String input, String... options) {
    List<String> all = new ArrayList<>(List.of("-starttls", "mysql"));
    all.addAll(List.of(options));
    return client(dir, proxy.port(), input, all);
  }

  private static void assumeOpenssl() {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("openssl", "version"), Map.of()),
        "openssl is not installed: src/test/bin/install-tools");
  }

  private static Instant ago(int hours) {
    return Instant.now().minus(Duration.ofHours(hours));
  }

  /** What s_server says, which takes its CRLs from the file of its authorities, too. */
  private static String alertOfOpenssl(Path dir, String input) throws IOException {
    Path both = dir.resolve("ca-and-crl.pem");
    Files.writeString(
        both, Files.readString(dir.resolve("ca.pem")) + Files.readString(dir.resolve("crl.pem")));
    ProxyCertificates certificates = ProxyCertificates.shared();
    Process server =
        new ProcessBuilder(
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-naccept",
                "1",
                "-rev",
                "-Verify",
                "5",
                "-verify_return_error",
                "-crl_check_all",
                "-CAfile",
                both.toString(),
                "-cert",
                certificates.serverCert().toString(),
                "-key",
                certificates.serverKey().toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("ACCEPT ")) {
        line = lines.readLine();
      }
      assertTrue(line != null, "s_server has ended");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      return alert(client(dir, port, input, List.of()));
    } finally {
      server.destroyForcibly();
    }
  }

  /** Stays until the other side ends the connection. */
  private static Tool.Result client(Path dir, int port, String input, List<String> options) {
    List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-ign_eof"));
    command.addAll(List.of("-connect", "127.0.0.1:" + port));
    command.addAll(List.of("-cert", dir.resolve("client-cert.pem").toString()));
    command.addAll(List.of("-cert_chain", dir.resolve("client-cert.pem").toString()));
    command.addAll(List.of("-key", dir.resolve("client-key.pem").toString()));
    command.addAll(options);
    return Tool.run(new ProcessBuilder(command), input);
  }

  /** The number of the alert that the client got. */
  private static String alert(Tool.Result client) {
    assertTrue(client.text().contains("---"), client::error);
    Matcher matcher = ALERT.matcher(client.error());
    return matcher.find() ? matcher.group(1) : NONE;
  }
}
