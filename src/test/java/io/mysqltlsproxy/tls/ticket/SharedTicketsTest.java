package io.mysqltlsproxy.tls.ticket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.SettableClock;
import io.mysqltlsproxy.testing.TicketKeyLines;
import io.mysqltlsproxy.tls.Handshake;
import io.mysqltlsproxy.tls.HandshakeFailures;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.mysqltlsproxy.tls.TestTls;
import io.mysqltlsproxy.tls.TlsSession;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client, and two proxies with the same ticket keys. */
class SharedTicketsTest {
  private final Path dir;
  private final Path keys;
  private final TestTls tls;
  private final Issued laura;

  SharedTicketsTest(@TempDir Path dir) throws Exception {
    this.dir = dir;
    keys = Files.writeString(dir.resolve("ticket.keys"), TicketKeyLines.one() + "\n");
    tls = new TestTls(dir).withClientCa().with("tls-ticket-key-file", keys.toString());
    laura = tls.clientCa.issueClient("CN=laura", KeyType.EC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aSessionIsResumedAtTheOtherAndHasTheClientsCertificate(String version) throws Exception {
    SslContext client = client(version, laura);
    try (ServerTls one = load();
        ServerTls other = load()) {
      assertFalse(connect(one, client).resumed());
      TlsSession there = connect(other, client);
      assertTrue(there.resumed());
      assertEquals(Optional.of(laura.certificate()), there.clientCertificate());
      assertTrue(connect(one, client).resumed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void withoutACertificateTooAndThenThereIsNone(String version) throws Exception {
    SslContext client = tls.client().protocols(version).build();
    try (ServerTls one = load();
        ServerTls other = load()) {
      assertFalse(connect(one, client).resumed());
      TlsSession there = connect(other, client);
      assertTrue(there.resumed());
      assertEquals(Optional.empty(), there.clientCertificate());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void withOtherKeysItMakesAFullHandshake(String version) throws Exception {
    SslContext client = clientWithTicket(version);
    Files.writeString(keys, TicketKeyLines.one() + "\n");
    try (ServerTls other = load()) {
      TlsSession there = connect(other, client);
      assertFalse(there.resumed());
      assertEquals(Optional.of(laura.certificate()), there.clientCertificate());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void atAProxyThatTrustsAnotherAuthorityOnlyTheClientIsRefused(String version) throws Exception {
    SslContext client = clientWithTicket(version);
    try (ServerTls other = loadTrusting(CertificateAuthority.create("CN=B", KeyType.EC));
        Handshake handshake = new Handshake(other, TestTls.handler(client))) {
      if (handshake.succeeded()) { // a client may keep back what this authority has not signed
        assertFalse(handshake.session().resumed());
        assertEquals(Optional.empty(), handshake.session().clientCertificate());
      } else {
        assertTrue(refusal(handshake).startsWith("client certificate refused: "));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void atAProxyThatAsksForNoCertificateTheOneInTheTicketDoesNotCount(String version)
      throws Exception {
    SslContext client = clientWithTicket(version);
    tls.without("ssl-ca");
    try (ServerTls other = load()) {
      TlsSession there = connect(other, client);
      assertFalse(there.resumed());
      assertEquals(Optional.empty(), there.clientCertificate());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aProxyWithAnotherCertificateIsVerifiedByTheClient(String version) throws Exception {
    SslContext client = clientWithTicket(version);
    tls.serverCa.issueServer("localhost", KeyType.EC).writeTo(dir, "cert.pem", "key.pem");
    try (ServerTls other = load()) {
      assertFalse(connect(other, client).resumed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aCertificateThatTheOtherProxyKnowsToBeRevokedIsRefused(String version) throws Exception {
    SslContext client = clientWithTicket(version);
    tls.clientCa.crl().revoke(laura).writeTo(dir.resolve("crl.pem"));
    tls.with("ssl-crl", dir.resolve("crl.pem").toString());
    try (ServerTls other = load();
        Handshake handshake = new Handshake(other, TestTls.handler(client))) {
      assertFalse(handshake.succeeded());
      assertTrue(refusal(handshake).contains(" was revoked at "), refusal(handshake));
      assertFalse(handshake.serverIsOpen());
    }
  }

  @Test
  void aTicketEndsWithTheSessionTimeoutAlthoughTheFileStays() throws Exception {
    tls.with("ssl-session-cache-timeout", "6");
    List<SslContext> clients = List.of(client("TLSv1.2", laura), client("TLSv1.3", laura));
    try (ServerTls one = load()) {
      for (SslContext client : clients) {
        connect(one, client);
        assertTrue(connect(one, client).resumed());
      }
      Thread.sleep(6100);
      for (SslContext client : clients) {
        assertFalse(connect(one, client).resumed());
      }
    }
  }

  /**
   * A client comes at every step, once to a proxy that has rotated and once to one that has not.
   */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aRotationLosesNoTicket(String version) throws Exception {
    String a = Files.readString(keys).strip();
    String b = TicketKeyLines.one();
    String c = TicketKeyLines.one();
    String d = TicketKeyLines.one();
    List<List<String>> steps =
        List.of(List.of(a), List.of(a, b), List.of(a, b, c), List.of(b, c), List.of(b, c, d));
    SslContext client = client(version, laura);
    boolean first = true;
    for (int step = 1; step < steps.size(); step++) {
      Files.write(keys, steps.get(step - 1));
      try (ServerTls late = load()) {
        Files.write(keys, steps.get(step));
        try (ServerTls early = load()) {
          assertEquals(!first, connect(late, client).resumed(), "step " + step);
          first = false;
          assertTrue(connect(early, client).resumed(), "step " + step);
          assertTrue(connect(late, client).resumed(), "step " + step);
        }
      }
    }
  }

  /** With TLSv1.3 each connection brings new tickets. */
  @Test
  void aClientThatKeepsComingBackResumesForLongerWithTls13Only() throws Exception {
    tls.with("ssl-session-cache-timeout", "10");
    SslContext tls12 = client("TLSv1.2", laura);
    SslContext tls13 = client("TLSv1.3", laura);
    try (ServerTls one = load()) {
      connect(one, tls12);
      connect(one, tls13);
      for (boolean soon : List.of(true, true, false)) {
        Thread.sleep(3400);
        assertEquals(soon, connect(one, tls12).resumed());
        assertTrue(connect(one, tls13).resumed());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aKeyThatIsGoneMeansAFullHandshakeAndNoError(String version) throws Exception {
    SslContext client = clientWithTicket(version);
    Files.write(keys, List.of(TicketKeyLines.one(), TicketKeyLines.one()));
    try (ServerTls later = load()) {
      assertFalse(connect(later, client).resumed());
      assertTrue(connect(later, client).resumed());
    }
  }

  @Test
  void aSessionWhoseCrlHasBecomeStaleMeanwhileIsNotResumed() throws Exception {
    Instant due = Instant.now().plusSeconds(3600);
    SettableClock clock = new SettableClock(Instant.now());
    Path crl = dir.resolve("crl.pem");
    tls.clientCa.crl().valid(due.minus(Duration.ofHours(2)), due).writeTo(crl);
    tls.with("ssl-crl", crl.toString());
    List<SslContext> clients = List.of(client("TLSv1.2", laura), client("TLSv1.3", laura));
    try (ServerTls one = tls.load(EngineChoice.BORING_SSL, clock);
        ServerTls other = tls.load(EngineChoice.BORING_SSL, clock)) {
      for (SslContext client : clients) {
        connect(one, client);
        assertTrue(connect(other, client).resumed());
      }
      clock.set(due.plusSeconds(1));
      for (SslContext client : clients) {
        try (Handshake handshake = new Handshake(other, TestTls.handler(client))) {
          assertFalse(handshake.succeeded());
          assertTrue(refusal(handshake).contains(" is stale: "), refusal(handshake));
        }
      }
    }
  }

  /** Laura's, with a session of a proxy that has ended. */
  private SslContext clientWithTicket(String version) throws Exception {
    SslContext client = client(version, laura);
    try (ServerTls one = load()) {
      connect(one, client);
    }
    return client;
  }

  private SslContext client(String version, Issued certificate) throws Exception {
    return tls.client(certificate).protocols(version).build();
  }

  private ServerTls load() throws Exception {
    return tls.load(EngineChoice.BORING_SSL);
  }

  private ServerTls loadTrusting(CertificateAuthority authority) throws Exception {
    authority.issued().writeCertificate(dir.resolve("other-ca.pem"));
    return tls.with("ssl-ca", dir.resolve("other-ca.pem").toString()).load(EngineChoice.BORING_SSL);
  }

  /** A handshake that succeeds, and an answer, with which the ticket comes. */
  private static TlsSession connect(ServerTls server, SslContext client) throws Exception {
    try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
      assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
      assertEquals("hello", handshake.send("hello"));
      return handshake.session();
    }
  }

  private static String refusal(Handshake handshake) {
    return HandshakeFailures.describe(Objects.requireNonNull(handshake.serverFailure()));
  }
}
