package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.CertificateRequest;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that {@code connect} must not talk to: the client reads why, the log says the same, and
 * nothing of the login goes out. The servers are the proxy's own {@code run} with all sorts of
 * certificates.
 */
class UntrustedServerIT {
  private static final String USER = "root";

  private final CertificateAuthority authority = ProxyCertificates.shared().authority();

  private final Path directory;

  UntrustedServerIT(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Packet logIn(RunningProxy connect) throws IOException {
    try (RawClient client = RawClient.greeted(connect.address())) {
      client.send(1, Wire.login(USER));
      return client.read();
    }
  }

  private void assertRefused(String reason, Issued shown, String... options) throws Exception {
    shown.writeTo(directory, "shown.pem", "shown-key.pem");
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy run =
            RunningProxy.before(
                server.address(),
                "ssl-cert=" + directory.resolve("shown.pem"),
                "ssl-key=" + directory.resolve("shown-key.pem"));
        RunningProxy connect = RunningProxy.connecting(run.port(), options)) {
      Packet answer = logIn(connect);
      assertEquals(1158, answer.errorCode(), answer::toString);
      assertTrue(answer.errorText().contains(reason), answer::errorText);
      assertTrue(
          Await.until(() -> connect.linesWith("TLS with the server 127.0.0.1:" + run.port()) == 1));
      assertTrue(connect.linesWith(reason) > 0, reason);
      assertEquals(0, run.linesWith("the server refused the login"));
    }
  }

  @Test
  void oneWhoseCaIsUnknown() throws Exception {
    CertificateAuthority stranger = CertificateAuthority.create("CN=Stranger", KeyType.EC);
    assertRefused(
        "server certificate rejected: the certificate CN=localhost is signed by CN=Stranger, which"
            + " is neither in --ssl-ca nor sent by the server",
        stranger.issueServer("localhost", KeyType.EC));
  }

  @Test
  void oneWithACertificateForAnotherHost() throws Exception {
    assertRefused(
        "is for 'other.example' and not for 127.0.0.1",
        authority.certificate("CN=other.example").dns("other.example").issue());
  }

  @Test
  void butWithVerifyCaTheHostDoesNotMatter() throws Exception {
    Issued other = authority.certificate("CN=other.example").dns("other.example").issue();
    assertTalks(other, "ssl-mode=VERIFY_CA");
    assertTalks(
        CertificateAuthority.create("CN=Stranger", KeyType.EC).issueServer("x", KeyType.EC),
        "ssl-mode=REQUIRED");
  }

  private void assertTalks(Issued shown, String... options) throws Exception {
    shown.writeTo(directory, "shown.pem", "shown-key.pem");
    try (ScriptedServer server =
            ScriptedServer.start(ScriptedServer.admitting(ScriptedServer::answerCommands));
        RunningProxy run =
            RunningProxy.before(
                server.address(),
                "ssl-cert=" + directory.resolve("shown.pem"),
                "ssl-key=" + directory.resolve("shown-key.pem"));
        RunningProxy connect = RunningProxy.connecting(run.port(), options)) {
      assertTrue(logIn(connect).isOk());
    }
  }

  @Test
  void oneWhoseCertificateHasExpired() throws Exception {
    assertRefused(
        " expired at ",
        authority.certificate("CN=localhost").ip("127.0.0.1").dns("localhost").expired().issue());
  }

  @Test
  void oneWithASelfSignedCertificate() throws Exception {
    assertRefused(
        "is self-signed and not in --ssl-ca",
        CertificateRequest.selfSigned("CN=127.0.0.1").ip("127.0.0.1").issue());
  }

  @Test
  void oneWithTheCertificateOfAClient() throws Exception {
    assertRefused(
        "is not for a server: its extended key usage lacks serverAuth",
        authority
            .certificate("CN=127.0.0.1")
            .ip("127.0.0.1")
            .extendedKeyUsage(KeyPurposeId.id_kp_clientAuth)
            .issue());
  }

  @Test
  void oneWhoseCertificateIsRevoked() throws Exception {
    Issued revoked = authority.issueServer("localhost", KeyType.EC);
    Path crl = authority.crl().revoke(revoked).writeTo(directory.resolve("crl.pem"));
    assertRefused(" was revoked at ", revoked, "ssl-crl=" + crl);
  }

  @Test
  void oneWithoutTls() throws Exception {
    List<byte[]> received = new ArrayList<>();
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy connect = RunningProxy.connecting(server.port())) {
      assertTold(connect, "it does not offer TLS");
      assertTrue(server.session().isOver());
      received.add(server.session().received());
    }
    assertFalse(new String(received.get(0), US_ASCII).contains(USER));
  }

  private static void assertTold(RunningProxy connect, String reason) throws Exception {
    try (RawClient client = RawClient.connect(connect.address())) {
      Packet answer = client.read();
      assertEquals(1158, answer.errorCode(), answer::toString);
      assertTrue(answer.errorText().contains(reason), answer::errorText);
      assertTrue(connect.line(client).contains(reason));
    }
  }

  /** The proxy at the other end offers TLS, and somebody on the way takes the offer out. */
  @Test
  void oneWhoseOfferIsTakenOutOnTheWay() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy run = RunningProxy.before(server.address());
        Relay attacker = Relay.to(run.address(), UntrustedServerIT::strip);
        RunningProxy connect = RunningProxy.connecting(attacker.port())) {
      assertTold(connect, "somebody on the way has removed the offer");
    }
  }

  /**
   * CLIENT_SSL is bit 3 of the second byte of the capabilities, behind version, id and scramble.
   */
  private static void strip(byte[] bytes, int offset, int length) {
    if (length < 40 || bytes[offset + 3] != 0 || bytes[offset + 4] != 10) {
      return;
    }
    int end = offset + 5;
    while (bytes[end] != 0) {
      end++;
    }
    bytes[end + 1 + 4 + 8 + 1 + 1] &= ~(1 << 3);
  }

  @Test
  void oneThatAnswersTheRequestForTlsInClear() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                session -> {
                  session.send(0, Wire.greeting(Wire.USUAL | Wire.SSL, Wire.NATIVE));
                  session.read();
                  session.send(2, Wire.ok());
                  session.read();
                });
        RunningProxy connect = RunningProxy.connecting(server.port())) {
      Packet answer = logIn(connect);
      assertTrue(
          answer.errorText().contains("the server answered with something that is not TLS"),
          answer::errorText);
    }
  }

  @Test
  void aServerThatDoesNotTrustTheProxysCertificate() throws Exception {
    Issued stranger =
        CertificateAuthority.create("CN=Stranger", KeyType.EC).issueClient("CN=me", KeyType.EC);
    stranger.writeTo(directory, "own.pem", "own-key.pem");
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (ScriptedServer server = ScriptedServer.polite();
          RunningProxy run = RunningProxy.before(server.address());
          RunningProxy connect =
              RunningProxy.connecting(
                  run.port(),
                  "tls-version=" + version,
                  "ssl-cert=" + directory.resolve("own.pem"),
                  "ssl-key=" + directory.resolve("own-key.pem"))) {
        Packet answer = logIn(connect);
        assertTrue(
            answer.errorText().contains("the server does not trust the proxy's certificate"),
            version + ": " + answer.errorText());
      }
    }
  }

  @Test
  void nobodyIsLeftWhenTheCrlComesLater() throws Exception {
    Issued shown = authority.issueServer("localhost", KeyType.EC);
    shown.writeTo(directory, "shown.pem", "shown-key.pem");
    Path crl = authority.crl().writeTo(directory.resolve("crl.pem"));
    try (ScriptedServer server =
            ScriptedServer.start(ScriptedServer.admitting(ScriptedServer::answerCommands));
        RunningProxy run =
            RunningProxy.before(
                server.address(),
                "ssl-cert=" + directory.resolve("shown.pem"),
                "ssl-key=" + directory.resolve("shown-key.pem"));
        RunningProxy connect = RunningProxy.connecting(run.port(), "ssl-crl=" + crl);
        RawClient client = RawClient.greeted(connect.address())) {
      client.send(1, Wire.login(USER));
      assertTrue(client.read().isOk());
      Files.delete(crl);
      authority.crl().revoke(shown).writeTo(crl);
      connect.reload();
      assertEquals(1927, client.read().errorCode());
      assertTrue(connect.line(client).contains("the server: the certificate CN=localhost"));
    }
  }
}
