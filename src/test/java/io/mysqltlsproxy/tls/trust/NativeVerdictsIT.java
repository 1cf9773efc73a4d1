package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client with the same certificates, before a MySQL that makes its own TLS and before the proxy,
 * both with the same {@code ssl-ca}: both let it in, or both refuse it with the same alert.
 */
@TestInstance(Lifecycle.PER_CLASS)
class NativeVerdictsIT {
  private static final byte[] SERVERS_OWN = serversOwn();

  @AutoClose private final TestServer server;
  private final Path directory;
  private final NativeClients clients;

  NativeVerdictsIT() {
    Container.MYSQL_9_7.unavailable().ifPresent(reason -> abort(reason));
    server = Container.MYSQL_9_7.startWithTls(ProxyCertificates.shared());
    directory = Objects.requireNonNull(server.socket().orElseThrow().getParent());
    clients = new NativeClients(directory);
    server.sql(
        "CREATE USER native@'%' REQUIRE X509",
        "CREATE USER behind@'%'", "SET GLOBAL ssl_ca = '" + directory.resolve("ca.pem") + "'");
  }

  private static byte[] serversOwn() {
    try {
      return ProxyCertificates.shared().authority().issued().certificate().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("io.mysqltlsproxy.tls.trust.NativeSituation#all")
  void mysqldAndTheProxyJudgeAlike(NativeSituation situation) {
    trust(situation);
    try (RunningProxy proxy = proxy()) {
      if (situation.admitted()) {
        assertEquals("native", clients.logIn(server.port(), "native"), "mysqld");
        assertEquals("behind", clients.logIn(proxy.port(), "behind"), "the proxy");
      } else {
        String alert = clients.alert(server.port());
        assertNotEquals("none", alert, "mysqld");
        assertEquals(alert, clients.alert(proxy.port()), "the proxy");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.mysqltlsproxy.tls.trust.NativeDifference#all")
  void whatTheDocumentsListAsDifferentIsDifferent(NativeDifference difference) throws Exception {
    assertListed(difference.row());
    clients.write(difference.key(), difference.sent());
    String own = OpenSslOracle.pem("CERTIFICATE", List.of(SERVERS_OWN));
    Files.writeString(directory.resolve("ca.pem"), difference.authorities() + own);
    // mysqld wants one for its own certificate, too.
    String ownList = ProxyCertificates.shared().authority().crl().pem();
    Path crl = Files.writeString(directory.resolve("crl.pem"), difference.revocations() + ownList);
    boolean crls = !difference.revocations().isEmpty();
    server.sql(
        "SET GLOBAL ssl_crl = " + (crls ? "'" + crl + "'" : "DEFAULT"),
        "ALTER INSTANCE RELOAD TLS");
    try {
      assertEquals(
          difference.admitted(), clients.logIn(server.port(), "native").equals("native"), "mysqld");
    } finally {
      server.sql("SET GLOBAL ssl_crl = DEFAULT");
    }
    List<String> options = new ArrayList<>(List.of("ssl-ca=" + directory.resolve("ca.pem")));
    options.add("require=X509");
    if (crls) {
      options.add("ssl-crl=" + crl);
    }
    if (difference.starts()) {
      try (RunningProxy proxy =
          RunningProxy.before(server.address(), options.toArray(String[]::new))) {
        assertNotEquals("behind", clients.logIn(proxy.port(), "behind"), "the proxy");
        assertEquals(List.of(), proxy.complaints());
      }
    } else {
      assertThrows(
          IllegalArgumentException.class,
          () -> RunningProxy.before(server.address(), options.toArray(String[]::new)));
    }
  }

  /** BoringSSL wants a key that may sign; OpenSSL is content with key agreement. */
  @Test
  void aKeyForKeyAgreementOnlyIsAClientsToMysqld() {
    assertListed("the client's key usage lacks digitalSignature, and has keyAgreement");
    PkiCertificate root = NativeSituation.root();
    trust(
        NativeSituation.admitted(
            "key agreement",
            List.of(NativeSituation.laura().by(root).keyUsage(KeyUsage.keyAgreement)),
            List.of(root)));
    assertEquals("native", clients.logIn(server.port(), "native"));
    try (RunningProxy proxy = proxy()) {
      String said = clients.logIn(proxy.port(), "behind");
      assertTrue(said.startsWith("ERROR "), said);
    }
    admittedByTheOtherEngine();
  }

  /** BoringSSL does not ask for such keys, so that the client sends no certificate. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"P521", "ED25519", "RSA_PSS"})
  void keysThatOnlyMysqldAsksForNeedTheOtherEngine(Kind kind) {
    assertListed(
        "the client's own key is Ed25519, RSA-PSS, or EC on another curve than P-256 and P-384");
    PkiCertificate root = NativeSituation.root();
    PkiCertificate own = NativeSituation.certificate("CN=laura", kind, 0).by(root);
    trust(NativeSituation.admitted(kind.name(), List.of(own), List.of(root)));

    assertEquals("native", clients.logIn(server.port(), "native"));
    try (RunningProxy proxy = proxy()) {
      String said = clients.logIn(proxy.port(), "behind");
      assertTrue(said.contains("ERROR 1045 (28000)"), said);
    }
    admittedByTheOtherEngine();
  }

  private void admittedByTheOtherEngine() {
    System.setProperty(ServerTls.ENGINE_PROPERTY, "jdk");
    try (RunningProxy proxy = proxy()) {
      assertEquals("behind", clients.logIn(proxy.port(), "behind"));
    } finally {
      System.clearProperty(ServerTls.ENGINE_PROPERTY);
    }
  }

  /** OpenSSL looks at one path, the proxy at all. */
  @Test
  void anOrderInWhichMysqldRefusesAClientDoesNotMatterToTheProxy() {
    assertListed("several authorities of one name or key");
    PkiCertificate root = NativeSituation.root();
    PkiCertificate sub =
        NativeSituation.certificate("CN=Sub", 2).by(root).authority().withoutSubjectKeyId();
    PkiCertificate namesake =
        NativeSituation.certificate("CN=Sub", 3).by(root).authority().withoutSubjectKeyId();
    PkiCertificate own = NativeSituation.laura().by(sub).withoutAuthorityKeyId();
    List<String> mysqld = new ArrayList<>();
    for (List<PkiCertificate> order : List.of(List.of(sub, namesake), List.of(namesake, sub))) {
      List<PkiCertificate> all = new ArrayList<>(order);
      all.add(root);
      trust(NativeSituation.admitted("", List.of(own), all));
      mysqld.add(clients.logIn(server.port(), "native"));
      try (RunningProxy proxy = proxy()) {
        assertEquals("behind", clients.logIn(proxy.port(), "behind"));
      }
    }
    assertNotEquals(List.of("native", "native"), mysqld);
  }

  private static void assertListed(String difference) {
    try {
      String page = Files.readString(Path.of("docs/security.md"));
      assertTrue(page.contains("\n| " + difference + " | "), difference);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void twoBlocksOnOneLineAreRefusedByLineWhereMysqldRefusesThem() throws Exception {
    PkiCertificate root = NativeSituation.root();
    PkiCertificate other = NativeSituation.certificate("CN=Other", 5).authority();
    trust(
        NativeSituation.admitted(
            "two", List.of(NativeSituation.laura().by(other)), List.of(root, other)));
    Path ca = directory.resolve("ca.pem");
    Files.writeString(ca, Files.readString(ca).replace("-----\n-----BEGIN", "----------BEGIN"));

    assertThrows(AssertionError.class, () -> server.sql("ALTER INSTANCE RELOAD TLS"));
    String refusal =
        String.valueOf(assertThrows(IllegalArgumentException.class, () -> proxy()).getMessage());
    assertTrue(refusal.contains("BEGIN is not at the start of the line"), refusal);
  }

  private void trust(NativeSituation situation) {
    List<byte[]> trusted = new ArrayList<>(der(situation.trusted()));
    trusted.add(SERVERS_OWN); // mysqld wants to find it there
    clients.write("ca.pem", "CERTIFICATE", trusted);
    PkiKey key = situation.sent().get(0).key;
    clients.write(key, der(situation.sent()));
    server.sql("ALTER INSTANCE RELOAD TLS");
  }

  private RunningProxy proxy() {
    return RunningProxy.before(
        server.address(), "ssl-ca=" + directory.resolve("ca.pem"), "require=X509");
  }

  private static List<byte[]> der(List<PkiCertificate> all) {
    return all.stream().map(PkiCertificate::der).toList();
  }
}
