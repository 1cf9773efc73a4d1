package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The mirror's side of TLS, of both engines, with the proxy's own as the server. */
class ClientSideTlsTest {
  private static final boolean KEEPS_CERTIFICATES = true;

  private final Path directory;
  private final TestTls files;
  private final Map<String, String> flags = new HashMap<>();

  ClientSideTlsTest(@TempDir Path directory) {
    this.directory = directory;
    files = new TestTls(directory).withClientCa();
    Path trusted = directory.resolve("trusted.pem");
    files.serverCa.issued().writeCertificate(trusted);
    flags.put("backend", "localhost:3307");
    flags.put("ssl-ca", trusted.toString());
  }

  static Stream<Arguments> enginesAndVersions() {
    return ServerTlsTest.enginesAndVersions();
  }

  private void showCertificate() {
    Issued laura = files.clientCa.issueClient("CN=laura", KeyType.RSA);
    laura.writeTo(directory, "own.pem", "own-key.pem");
    flags.put("ssl-cert", directory.resolve("own.pem").toString());
    flags.put("ssl-key", directory.resolve("own-key.pem").toString());
  }

  private ClientSideTls load(EngineChoice engine, String version) throws OptionException {
    flags.put("tls-version", version);
    return ClientSideTls.load(
        OptionSources.read(
            OptionSet.CONNECT, flags, Map.of(), directory.resolve("no-option-file.cnf")),
        engine,
        InstantSource.system());
  }

  /** What the server saw in the second of two connections. */
  private static TlsSession second(
      ServerTls server, ClientSideTls one, ClientSideTls other, boolean keepsCertificates) {
    connect(server, one, keepsCertificates);
    return connect(server, other, keepsCertificates);
  }

  private static TlsSession connect(
      ServerTls server, ClientSideTls mirror, boolean keepsCertificates) {
    try (Handshake handshake =
        new Handshake(
            server, mirror.newHandler(UnpooledByteBufAllocator.DEFAULT, keepsCertificates))) {
      assertTrue(handshake.succeeded(), () -> String.valueOf(handshake.serverFailure()));
      assertEquals("hello", handshake.send("hello"));
      return handshake.session();
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void aSessionIsResumedAndTheCertificateWithIt(EngineChoice engine, String version)
      throws Exception {
    showCertificate();
    try (ServerTls server = files.load(engine);
        ClientSideTls mirror = load(engine, version)) {
      TlsSession session = second(server, mirror, mirror, KEEPS_CERTIFICATES);
      assertTrue(session.resumed());
      assertEquals(mirror.certificate().orElseThrow(), session.clientCertificate().orElseThrow());
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void withAServerThatForgetsCertificatesNoSessionIsResumedThatHasOne(
      EngineChoice engine, String version) throws Exception {
    try (ServerTls server = files.load(engine)) {
      try (ClientSideTls mirror = load(engine, version)) {
        TlsSession session = second(server, mirror, mirror, !KEEPS_CERTIFICATES);
        assertTrue(session.resumed());
        assertEquals(Optional.empty(), session.clientCertificate());
      }
      showCertificate();
      try (ClientSideTls mirror = load(engine, version)) {
        TlsSession session = second(server, mirror, mirror, !KEEPS_CERTIFICATES);
        assertFalse(session.resumed());
        assertEquals(mirror.certificate().orElseThrow(), session.clientCertificate().orElseThrow());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void noSessionOutlivesAReload(EngineChoice engine, String version) throws Exception {
    try (ServerTls server = files.load(engine);
        ClientSideTls before = load(engine, version);
        ClientSideTls after = load(engine, version)) {
      assertFalse(second(server, before, after, KEEPS_CERTIFICATES).resumed());
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void noSessionIsResumedWhereThatIsOff(EngineChoice engine, String version) throws Exception {
    flags.put("ssl-session-cache-mode", "OFF");
    try (ServerTls server = files.load(engine);
        ClientSideTls mirror = load(engine, version)) {
      assertFalse(second(server, mirror, mirror, KEEPS_CERTIFICATES).resumed());
    }
  }
}
