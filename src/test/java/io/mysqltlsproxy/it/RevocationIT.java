package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are revoked, or expire, while their clients are connected. */
class RevocationIT {
  private static final int CLIENTS = 100;

  @AutoClose private final Opened opened = new Opened();
  private final CertificateAuthority authority = ProxyCertificates.shared().authority();
  private final TestServer server = Servers.mysql55();
  private final Path crl;

  RevocationIT(@TempDir Path dir) {
    crl = authority.crl().writeTo(dir.resolve("crl.pem"));
  }

  @Test
  void ofAHundredClientsTheRevokedOneGoesWithinASecondAndTheOthersDoNotNotice() throws Exception {
    List<Issued> certificates = new ArrayList<>();
    List<RawClient> clients = new ArrayList<>();
    server.sql("SET GLOBAL max_connections = 300");
    try (RunningProxy proxy =
        RunningProxy.before(server.address(), "require=X509", "ssl-crl=" + crl)) {
      for (int i = 0; i < CLIENTS; i++) {
        certificates.add(authority.issueClient("CN=client " + i, KeyType.EC));
        clients.add(opened.keep(logIn(proxy, certificates.get(i))));
        clients.get(i).run("DO 1");
      }
      RawClient revoked = clients.remove(41);

      long begun = System.nanoTime();
      authority.crl().revoke(certificates.get(41)).writeTo(crl);
      assertEquals(1927, revoked.read().errorCode());
      assertTrue(revoked.isAtEnd());
      Duration took = Duration.ofNanos(System.nanoTime() - begun);

      assertTrue(took.toMillis() < 1000, "closed after " + took.toMillis() + " ms");
      for (RawClient client : clients) {
        client.run("DO 1");
      }
      String line = proxy.line(revoked);
      assertTrue(line.startsWith("disconnected: connection "), line);
      assertTrue(
          line.contains(
              " of user 'root': no longer admitted: the certificate CN=client 41 (serial number "),
          line);
      assertThrows(SSLException.class, () -> logIn(proxy, certificates.get(41)).close());
    }
  }

  @Test
  void aClientIsClosedWhenItsCertificateExpiresWithoutAnyReload() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(server.address(), "require=X509");
        RawClient other = logIn(proxy, authority.issueClient("CN=laura", KeyType.EC))) {
      Instant now = Instant.now();
      Issued brief =
          authority
              .certificate("CN=brief")
              .valid(now.minus(Duration.ofHours(1)), now.plusSeconds(4))
              .issue();
      Instant expiry = brief.certificate().getNotAfter().toInstant();
      RawClient client = opened.keep(logIn(proxy, brief));

      assertEquals(1927, client.read().errorCode());
      Duration late = Duration.between(expiry, Instant.now());

      assertTrue(!late.isNegative() && late.toMillis() < 1000, late::toString);
      assertTrue(
          proxy.line(client).endsWith("the certificate CN=brief expired at " + expiry),
          () -> "another reason");
      other.run("DO 1");
    }
  }

  @Test
  void aCrlThatBecomesStaleKeepsTheClientsThatAreThereAndRefusesNewOnes() throws Exception {
    Issued laura = authority.issueClient("CN=laura", KeyType.EC);
    try (RunningProxy proxy =
            RunningProxy.before(server.address(), "require=X509", "ssl-crl=" + crl);
        RawClient client = logIn(proxy, laura)) {
      authority.crl().stale().writeTo(crl);
      awaitReload(proxy);

      assertThrows(SSLException.class, () -> logIn(proxy, laura).close());
      client.run("DO 1");
    }
  }

  @Test
  void theOptionLeavesClientsAloneAndStillRefusesNewOnes() throws Exception {
    Issued laura = authority.issueClient("CN=laura", KeyType.EC);
    try (RunningProxy proxy =
            RunningProxy.before(
                server.address(),
                "require=X509",
                "ssl-crl=" + crl,
                "disconnect-no-longer-admitted=OFF");
        RawClient client = logIn(proxy, laura)) {
      authority.crl().revoke(laura).writeTo(crl);
      awaitReload(proxy);

      assertThrows(SSLException.class, () -> logIn(proxy, laura).close());
      TimeUnit.MILLISECONDS.sleep(300);
      client.run("DO 1");
    }
  }

  /** In TLS 1.3 a client has sent its login before it can learn that its certificate is refused. */
  @Test
  void aRefusedClientThatSendsOnStillLearnsWhy() throws Exception {
    Issued laura = authority.issueClient("CN=laura", KeyType.EC);
    authority.crl().revoke(laura).writeTo(crl);
    try (RunningProxy proxy =
            RunningProxy.before(server.address(), "require=X509", "ssl-crl=" + crl);
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.of(laura))) {
      for (int i = 0; i < 5; i++) {
        client.send(2, Wire.login("root"));
        TimeUnit.MILLISECONDS.sleep(50);
      }

      SSLException alert = assertThrows(SSLException.class, client::read);
      assertTrue(alert.toString().endsWith("certificate_revoked"), alert::toString);
    }
  }

  /** Revoked between its handshake and its login. */
  @Test
  void aLoginIsHeldToTheCrlThatIsInForceThen() throws Exception {
    Issued laura = authority.issueClient("CN=laura", KeyType.EC);
    try (RunningProxy proxy =
            RunningProxy.before(server.address(), "require=X509", "ssl-crl=" + crl);
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.of(laura))) {
      authority.crl().revoke(laura).writeTo(crl);
      awaitReload(proxy);

      client.send(2, Wire.login("root"));

      assertEquals(1927, client.read().errorCode());
      assertTrue(client.isAtEnd());
      assertTrue(proxy.line(client).contains("CN=laura (serial number "));
    }
  }

  private static RawClient logIn(RunningProxy proxy, Issued certificate) throws IOException {
    return RawClient.loggedIn(proxy.address(), ClientTls.of(certificate), "root");
  }

  private static void awaitReload(RunningProxy proxy) throws InterruptedException {
    Await.assertBecomes(1, () -> proxy.reloadLines().size());
  }
}
