package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

  @ParameterizedTest
  @MethodSource("enginesVersionsAndKeys")
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
      for (boolean resumed : List.of(false, true, true)) {
        try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
          assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
          assertEquals("hello", handshake.send("hello"));
          assertEquals(resumed, handshake.session().resumed());
          assertEquals(Optional.of(laura.certificate()), handshake.session().clientCertificate());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aClientWithoutACertificateResumesToo(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory).withClientCa();
    SslContext client = tls.client().protocols(version).build();
    try (ServerTls server = tls.load(engine)) {
      for (boolean resumed : List.of(false, true, true)) {
        try (Handshake handshake = new Handshake(server, TestTls.handler(client))) {
          assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
          assertEquals("hello", handshake.send("hello"));
          assertEquals(resumed, handshake.session().resumed());
          assertEquals(Optional.empty(), handshake.session().clientCertificate());
        }
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
}
