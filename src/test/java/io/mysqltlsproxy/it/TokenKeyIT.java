package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.SoftHsm;
import io.mysqltlsproxy.testing.Wire;
import io.mysqltlsproxy.tls.ServerTls;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A key that stays on a token, which signs the proxy's handshakes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenKeyIT {
  private Path directory;
  @AutoClose private SoftHsm token;
  private Path pin;

  @BeforeAll
  void prepare(@TempDir Path temporary) throws Exception {
    SoftHsm.unavailable().ifPresent(Assumptions::abort);
    directory = temporary;
    token = SoftHsm.create();
    pin = Issued.writeSecret(directory.resolve("pin"), SoftHsm.PIN + "\n");
    put("rsa", KeyType.RSA.generate(), "01");
    put("p256", KeyType.EC.generate(), "02");
    put("p384", p384(), "03");
    Issued client =
        ProxyCertificates.shared().authority().issueClient("O=Test,CN=client", KeyType.RSA);
    client.writeCertificate(directory.resolve("client.pem"));
    token.put(client, "client", "04");
  }

  private void put(String name, KeyPair keys, String id) throws Exception {
    Issued issued =
        ProxyCertificates.shared()
            .authority()
            .certificate("CN=" + name)
            .key(keys)
            .dns("localhost")
            .ip("127.0.0.1")
            .extendedKeyUsage(KeyPurposeId.id_kp_serverAuth)
            .issue();
    issued.writeCertificate(directory.resolve(name + ".pem"));
    token.put(issued, name, id);
  }

  private static KeyPair p384() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    return generator.generateKeyPair();
  }

  private String[] options(String key, String... more) {
    List<String> options = new ArrayList<>();
    options.add("ssl-cert=" + directory.resolve(key + ".pem"));
    options.add("ssl-key=" + token.uri(key));
    options.add("ssl-key-passphrase-file=" + pin);
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  /** Of each engine, version and kind of signature, as OpenSSL names it. */
  @TestFactory
  Stream<DynamicTest> theTokenSigns() {
    Map<String, List<String>> signatures =
        Map.of(
            "rsa", List.of("rsa_pss_rsae_sha256", "rsa_pss_rsae_sha512", "rsa_pkcs1_sha256"),
            "p256", List.of("ecdsa_secp256r1_sha256"),
            "p384", List.of("ecdsa_secp384r1_sha384"));
    return Stream.of("boringssl", "jdk")
        .flatMap(
            engine ->
                signatures.entrySet().stream()
                    .flatMap(
                        key ->
                            key.getValue().stream()
                                .flatMap(signature -> tests(engine, key.getKey(), signature))));
  }

  private Stream<DynamicTest> tests(String engine, String key, String signature) {
    return Stream.of("-tls1_2", "-tls1_3")
        .filter(version -> version.equals("-tls1_2") || !signature.contains("pkcs1"))
        .map(
            version ->
                dynamicTest(
                    engine + " " + version + " " + signature,
                    () -> shakesHands(engine, key, version, signature)));
  }

  private void shakesHands(String engine, String key, String version, String signature)
      throws Exception {
    System.setProperty(ServerTls.ENGINE_PROPERTY, engine);
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address(), options(key))) {
      String seen = OpensslClient.connect(proxy.port(), version, "-sigalgs", signature);

      assertTrue(seen.contains("Verification: OK"), seen);
    } finally {
      System.clearProperty(ServerTls.ENGINE_PROPERTY);
    }
  }

  /** Without forward secrecy the token decrypts. */
  @Test
  void aTokenDecryptsWhereAClientEncryptsForTheKey() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.before(
            Servers.mysql55().address(), options("rsa", "ssl-cipher=AES128-GCM-SHA256"))) {
      String seen = OpensslClient.connect(proxy.port(), "-tls1_2");

      assertTrue(seen.contains("AES128-GCM-SHA256"), seen);
    }
  }

  @Test
  void aClientLogsInAndQueries() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(Servers.mysql55().address(), options("p256"));
        RawClient client = RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root")) {
      client.run("DO 1");
    }
  }

  @Test
  void connectShowsTheServerACertificateWhoseKeyIsOnAToken() throws Exception {
    for (String engine : List.of("boringssl", "jdk")) {
      System.setProperty(ServerTls.ENGINE_PROPERTY, engine);
      try (RunningProxy server = RunningProxy.before(Servers.mysql55().address(), "require=X509");
          RunningProxy proxy = RunningProxy.connecting(server.port(), options("client"));
          RawClient client = RawClient.greeted(proxy.address())) {
        client.send(1, Wire.login("root"));
        assertTrue(client.read().isOk());
        client.run("DO 1");
      } finally {
        System.clearProperty(ServerTls.ENGINE_PROPERTY);
      }
    }
  }
}
