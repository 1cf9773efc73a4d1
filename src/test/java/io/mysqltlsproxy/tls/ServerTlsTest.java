package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.SettableClock;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServerTlsTest {

  static Stream<Arguments> enginesAndVersions() {
    return Stream.of(EngineChoice.values())
        .flatMap(
            engine ->
                Stream.of("TLSv1.2", "TLSv1.3").map(version -> Arguments.of(engine, version)));
  }

  static Stream<Arguments> enginesVersionsAndKeys() {
    return enginesAndVersions()
        .flatMap(
            each ->
                Stream.of(KeyType.RSA, KeyType.EC, KeyType.ED25519)
                    .map(key -> Arguments.of(each.get()[0], each.get()[1], key)));
  }

  @ParameterizedTest
  @MethodSource("enginesVersionsAndKeys")
  void aClientConnectsWithEveryKeyType(
      EngineChoice engine, String version, KeyType key, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory, key);
    try (ServerTls server = tls.load(engine);
        Handshake handshake =
            new Handshake(server, TestTls.handler(tls.client().protocols(version)))) {
      assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
      assertEquals(version, handshake.session().version());
      assertEquals(
          version.equals("TLSv1.3")
              ? "TLS_AES_128_GCM_SHA256"
              : (key == KeyType.RSA ? "ECDHE-RSA-" : "ECDHE-ECDSA-") + "AES128-GCM-SHA256",
          handshake.session().cipher());
      assertEquals(Optional.empty(), handshake.session().clientCertificate());
      assertFalse(handshake.session().resumed());
      assertEquals("hello", handshake.send("hello"));
    }
  }

  static Stream<Arguments> enginesVersionsAndClientKeys() {
    return enginesVersionsAndKeys()
        .filter(
            each -> each.get()[0] != EngineChoice.BORING_SSL || each.get()[2] != KeyType.ED25519);
  }

  @ParameterizedTest
  @MethodSource("enginesVersionsAndClientKeys")
  void aClientShowsACertificateOfEveryKeyType(
      EngineChoice engine, String version, KeyType key, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    Issued laura = tls.clientCa.issueClient("CN=laura", key);
    try (ServerTls server = tls.load(engine);
        Handshake handshake =
            new Handshake(server, TestTls.handler(tls.client(laura).protocols(version)))) {
      assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
      assertEquals(Optional.of(laura.certificate()), handshake.session().clientCertificate());
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aResumedSessionStillHasTheClientsCertificate(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    Issued laura = tls.clientCa.issueClient("CN=laura", KeyType.EC);
    SslContext client = tls.client(laura).protocols(version).build();
    try (ServerTls server = tls.load(engine)) {
      assertResumes(server, client, Optional.of(laura.certificate()));
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aClientWithoutACertificateResumesToo(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    SslContext client = tls.client().protocols(version).build();
    try (ServerTls server = tls.load(engine)) {
      assertResumes(server, client, Optional.empty());
    }
  }

  private static void assertResumes(
      ServerTls server, SslContext client, Optional<X509Certificate> certificate) throws Exception {
    for (boolean resumed : List.of(false, true, true)) {
      try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
        assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
        assertEquals("hello", handshake.send("hello"));
        assertEquals(resumed, handshake.session().resumed());
        assertEquals(certificate, handshake.session().clientCertificate());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void nothingIsResumedWithTheCacheOff(EngineChoice engine, String version, @TempDir Path directory)
      throws Exception {
    TestTls tls = new TestTls(directory).withClientCa().with("ssl-session-cache-mode", "OFF");
    SslContext client = tls.client().protocols(version).build();
    try (ServerTls server = tls.load(engine)) {
      for (int i = 0; i < 3; i++) {
        try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
          assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
          assertEquals("hello", handshake.send("hello"));
          assertFalse(handshake.session().resumed());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aSessionWhoseCertificateHasExpiredIsNotResumed(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    SettableClock clock = new SettableClock(Instant.now());
    try (ServerTls server = tls.load(engine, clock)) {
      Instant end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
      Issued laura =
          tls.clientCa.certificate("CN=laura").valid(end.minusSeconds(7200), end).issue();
      SslContext client = tls.client(laura).protocols(version).build();
      try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
        assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
        assertEquals("hello", handshake.send("hello"));
      }
      clock.set(end.plusMillis(1100));
      try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
        assertFalse(handshake.succeeded());
        assertFalse(handshake.serverIsOpen());
        assertTrue(
            describe(handshake).startsWith("client certificate refused: the certificate CN=laura"),
            describe(handshake));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aSessionWhoseCrlHasBecomeStaleIsNotResumed(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    Instant due = Instant.now().plusSeconds(3600);
    SettableClock clock = new SettableClock(Instant.now());
    Path crl = directory.resolve("crl.pem");
    tls.clientCa.crl().valid(due.minusSeconds(7200), due).writeTo(crl);
    Issued laura = tls.clientCa.issueClient("CN=laura", KeyType.EC);
    SslContext client = tls.client(laura).protocols(version).build();
    try (ServerTls server = tls.with("ssl-crl", crl.toString()).load(engine, clock)) {
      for (boolean resumed : List.of(false, true)) {
        try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
          assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
          assertEquals("hello", handshake.send("hello"));
          assertEquals(resumed, handshake.session().resumed());
        }
      }
      clock.set(due.plusSeconds(1));
      try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
        assertFalse(handshake.succeeded());
        assertFalse(handshake.serverIsOpen());
        assertTrue(
            describe(handshake)
                .startsWith("client certificate refused: the CRL of CN=Client CA is stale"),
            describe(handshake));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aCertificateThatDoesNotVerifyFailsTheHandshake(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    Issued old = tls.clientCa.certificate("CN=old").expired().issue();
    try (ServerTls server = tls.load(engine);
        Handshake handshake =
            new Handshake(server, TestTls.handler(tls.client(old).protocols(version)))) {
      assertFalse(handshake.succeeded());
      assertTrue(
          describe(handshake)
              .matches("client certificate refused: the certificate CN=old expired at .*"),
          describe(handshake));
      if (version.equals("TLSv1.2")) { // with TLSv1.3 the client thinks that it is done
        assertEquals(
            "Received fatal alert: "
                + (engine == EngineChoice.BORING_SSL
                    ? "certificate_expired"
                    : "certificate_unknown"),
            Objects.requireNonNull(handshake.clientFailure()).getMessage());
      }
    }
  }

  /** As --tls-ciphersuites says it. */
  @ParameterizedTest
  @EnumSource
  void theOrderOfTls13sCiphersIsTheProxysWithTheJdkAndTheClientsWithBoringSsl(
      EngineChoice engine, @TempDir Path directory) throws Exception {
    String small = "TLS_AES_128_GCM_SHA256";
    String large = "TLS_AES_256_GCM_SHA384";
    TestTls tls =
        new TestTls(directory)
            .with("tls-ciphersuites", small + ":" + large + ":TLS_CHACHA20_POLY1305_SHA256");
    try (ServerTls server = tls.load(engine);
        Handshake handshake =
            new Handshake(
                server,
                TestTls.handler(
                    tls.client().protocols("TLSv1.3").ciphers(List.of(large, small))))) {
      assertEquals(engine == EngineChoice.JDK ? small : large, handshake.session().cipher());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientWithoutACommonVersionOrCipherIsToldApart(EngineChoice engine, @TempDir Path directory)
      throws Exception {
    TestTls tls = new TestTls(directory).with("tls-version", "TLSv1.3");
    try (ServerTls server = tls.load(engine);
        Handshake handshake =
            new Handshake(server, TestTls.handler(tls.client().protocols("TLSv1.2")))) {
      assertTrue(describe(handshake).startsWith("no TLS version in common: "), describe(handshake));
    }
    try (ServerTls server = tls.without("tls-version").load(engine);
        Handshake handshake =
            new Handshake(
                server,
                TestTls.handler(
                    tls.client()
                        .protocols("TLSv1.2")
                        .ciphers(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))))) {
      assertTrue(describe(handshake).startsWith("no cipher in common"), describe(handshake));
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aClientThatDoesNotTrustTheServerSaysSo(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory);
    try (ServerTls server = tls.load(engine);
        Handshake handshake =
            new Handshake(
                server,
                TestTls.handler(
                    tls.client()
                        .trustManager(tls.clientCa.issued().certificate())
                        .protocols(version)))) {
      assertEquals(Alert.CERTIFICATE_UNKNOWN.meaning(), describe(handshake));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientCannotRenegotiate(EngineChoice engine, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory);
    try (ServerTls server = tls.load(engine);
        Handshake handshake =
            new Handshake(server, TestTls.handler(tls.client().protocols("TLSv1.2")))) {
      assertEquals("hello", handshake.send("hello"));
      var renegotiation = handshake.client().renegotiate();
      handshake.pump();
      String answer = String.valueOf(Objects.requireNonNull(renegotiation.cause()).getMessage());
      assertTrue(answer.startsWith("Received fatal alert: "), answer);
    }
  }

  /** Of the versions of BoringSSL that netty-tcnative has: a client then sends no certificate. */
  @Test
  void boringSslTakesNoEd25519CertificateFromAClient(@TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    Issued laura = tls.clientCa.issueClient("CN=laura", KeyType.ED25519);
    try (ServerTls server = tls.load(EngineChoice.BORING_SSL);
        Handshake handshake = new Handshake(server, TestTls.handler(tls.client(laura)))) {
      assertTrue(handshake.succeeded());
      assertEquals(Optional.empty(), handshake.session().clientCertificate());
    }
  }

  private static String describe(Handshake handshake) {
    return HandshakeFailures.describe(Objects.requireNonNull(handshake.serverFailure()));
  }
}
