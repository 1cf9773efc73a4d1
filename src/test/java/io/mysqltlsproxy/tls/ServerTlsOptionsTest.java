package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the options name, read from real files: good ones, and every kind of bad one. */
class ServerTlsOptionsTest {
  private final Path dir;
  private final TestTls tls;

  ServerTlsOptionsTest(@TempDir Path dir) {
    this.dir = dir;
    tls = new TestTls(dir, KeyType.RSA);
  }

  @BeforeEach
  void aGoodStart() throws Exception {
    loads();
  }

  @Test
  void aMissingCertificateOrKeyOptionIsNamed() {
    tls.without("ssl-cert");
    refused("--ssl-cert", "no server certificate");
    tls.with("ssl-cert", file("cert.pem")).without("ssl-key");
    refused("--ssl-key", "no private key");
  }

  @Test
  void aFileThatIsNoneIsNamed() throws Exception {
    tls.with("ssl-cert", file("missing.pem"));
    refused("--ssl-cert=" + file("missing.pem"), "no such file");
    tls.with("ssl-cert", dir.toString());
    refused("--ssl-cert=" + dir, "is a directory");
    write("empty.pem", "");
    tls.with("ssl-cert", file("empty.pem"));
    refused("--ssl-cert", "the file is empty");
    write("text.pem", "no PEM here\n");
    tls.with("ssl-cert", file("text.pem"));
    refused("--ssl-cert", "is not a PEM file");
    write("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
    tls.with("ssl-cert", file("damaged.pem"));
    refused("--ssl-cert", "damaged");
  }

  @Test
  void keyAndCertificateMixedUpIsSaid() {
    tls.with("ssl-cert", file("key.pem"));
    refused("--ssl-cert", "holds no certificate, only a private key", "--ssl-key");
    tls.with("ssl-cert", file("cert.pem")).with("ssl-key", file("cert.pem"));
    refused("--ssl-key", "holds no private key, only a certificate", "--ssl-cert");
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA", "EC", "ED25519"})
  void aKeyThatIsNotTheCertificatesIsRefused(KeyType type) {
    tls.serverCa.issueServer("localhost", type).writeTo(dir, "cert.pem", "key.pem");
    tls.serverCa.issueServer("localhost", type).writeTo(dir, "other.pem", "other-key.pem");
    tls.with("ssl-key", file("other-key.pem"));
    refused("--ssl-key", "not the key of the certificate CN=localhost");
  }

  @Test
  void aChainInWrongOrderIsNamed() throws Exception {
    CertificateAuthority middle = tls.serverCa.intermediate("CN=Middle", KeyType.EC);
    Issued server = middle.issueServer("localhost", KeyType.EC).writeTo(dir, "cert.pem", "key.pem");
    loads();
    write("cert.pem", middle.issued().certificatePem() + server.certificatePem());
    refused("--ssl-cert", "chain in wrong order: the key belongs to CN=localhost", "first");
  }

  @Test
  void pkcs1AndSec1KeysAreRead() throws Exception {
    Issued rsa = tls.serverCa.issueServer("localhost", KeyType.RSA);
    rsa.writeTo(dir, "cert.pem", "key.pem");
    write("key.pem", Issued.pem(rsa.privateKey()));
    assertTrue(Files.readString(dir.resolve("key.pem")).contains("BEGIN RSA PRIVATE KEY"));
    loads();
    Issued ec = tls.serverCa.issueServer("localhost", KeyType.EC);
    ec.writeTo(dir, "cert.pem", "key.pem");
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    write("key.pem", parameters + sec1(ec));
    loads();
  }

  @Test
  void encryptedKeysNeedTheirPassphrase() throws Exception {
    Issued server = tls.serverCa.issueServer("localhost", KeyType.RSA);
    server.writeTo(dir, "cert.pem", "key.pem");
    char[] passphrase = "sesame ü".toCharArray();
    BouncyCastleProvider provider = new BouncyCastleProvider();
    String pkcs8 =
        Issued.pem(
            new JcaPKCS8Generator(
                    server.privateKey(),
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                        .setProvider(provider)
                        .setPassword(passphrase)
                        .build())
                .generate());
    String pkcs1 =
        Issued.pem(
            new JcaMiscPEMGenerator(
                    server.privateKey(),
                    new JcePEMEncryptorBuilder("AES-256-CBC")
                        .setProvider(provider)
                        .build(passphrase))
                .generate());
    for (String key : new String[] {pkcs8, pkcs1}) {
      assertTrue(key.contains("ENCRYPTED"), key);
      write("key.pem", key);
      tls.without("ssl-key-passphrase-file");
      refused("--ssl-key=", "the key is encrypted", "--ssl-key-passphrase-file");
      write("passphrase", "sesame ü\r\nmore\n");
      tls.with("ssl-key-passphrase-file", file("passphrase"));
      if (key.equals(pkcs8)) {
        loads();
      }
      write("passphrase", "wrong\n");
      refused("--ssl-key-passphrase-file", "not the passphrase");
      write("passphrase", "\n");
      refused("--ssl-key-passphrase-file", "the first line is empty");
      Files.delete(dir.resolve("passphrase"));
      refused("--ssl-key-passphrase-file", "no such file");
    }
  }

  @Test
  void aKeyOfAnotherTypeIsRefused() {
    tls.serverCa.issueServer("localhost", KeyType.DSA).writeTo(dir, "cert.pem", "key.pem");
    refused("--ssl-key", "unsupported type", "make a key of RSA, P-256, P-384, P-521 or Ed25519");
  }

  @Test
  void aCertificateThatHasExpiredStartsAllTheSame() throws Exception {
    tls.serverCa.certificate("CN=old").expired().issue().writeTo(dir, "cert.pem", "key.pem");
    loads();
  }

  @Test
  void aCaFileWithoutARootIsRefused() throws Exception {
    tls.with("ssl-ca", file("key.pem"));
    refused("--ssl-ca", "holds no certificate, only a private key");
    CertificateAuthority middle = tls.clientCa.intermediate("CN=Middle", KeyType.EC);
    write("middle.pem", middle.issued().certificatePem());
    tls.with("ssl-ca", file("middle.pem"));
    refused("--ssl-ca", "holds no self-signed CA certificate, only CN=Middle", "root CA");
  }

  @Test
  void aCaDirectoryIsReadByItsFileNames() throws Exception {
    Path cas = Files.createDirectory(dir.resolve("cas"));
    tls.with("ssl-capath", cas.toString());
    refused("--ssl-capath", "holds no certificate");
    Files.writeString(cas.resolve("README"), tls.clientCa.issued().certificatePem());
    refused("--ssl-capath", "holds no certificate");
    Files.writeString(cas.resolve("0a1b2c3d.0"), tls.clientCa.issued().certificatePem());
    loads();
    Files.writeString(cas.resolve("bad.pem"), "");
    refused("--ssl-capath", "bad.pem: the file is empty");
    tls.with("ssl-capath", file("cert.pem"));
    refused("--ssl-capath", "not a directory");
    tls.with("ssl-capath", file("nowhere"));
    refused("--ssl-capath", "no such directory");
  }

  @Test
  void namesThatNoEngineHasAreRefusedWithThoseItHas() {
    tls.with("ssl-cipher", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-ROT13-SHA");
    refused("--ssl-cipher", "no cipher ECDHE-RSA-ROT13-SHA", "it has ");
    tls.without("ssl-cipher").with("tls-groups", "X25519:curve1");
    refused("--tls-groups", "no group curve1", "X25519MLKEM768:X25519:prime256v1");
    tls.without("tls-groups").with("tls-ciphersuites", "TLS_ROT13");
    refused("--tls-ciphersuites", "TLS_");
  }

  @Test
  void boringSslCannotLeaveATls13SuiteOut() throws Exception {
    tls.with("tls-ciphersuites", "TLS_AES_256_GCM_SHA384");
    String message = message(EngineChoice.BORING_SSL);
    assertTrue(message.contains("BoringSSL offers all of TLS_AES_128_GCM_SHA256:"), message);
    tls.load(EngineChoice.JDK).close();
    tls.with("tls-version", "TLSv1.2");
    tls.load(EngineChoice.BORING_SSL).close();
  }

  @Test
  void theJdkTakesNoVersionThatItsConfigurationDisables() throws Exception {
    tls.with("tls-version", "TLSv1,TLSv1.1,TLSv1.2").with("ssl-cipher", "ECDHE-RSA-AES128-SHA");
    String message = message(EngineChoice.JDK);
    assertTrue(message.contains("java.security disables TLSv1;"), message);
    tls.load(EngineChoice.BORING_SSL).close();
  }

  @Test
  void anOldVersionWithoutACipherOfItsTimeIsRefused() {
    tls.with("tls-version", "TLSv1.1,TLSv1.2");
    String message = message(EngineChoice.BORING_SSL);
    assertTrue(message.contains("--tls-version=TLSv1.1,TLSv1.2: none of --ssl-cipher"), message);
    assertTrue(message.contains("ECDHE-RSA-AES128-SHA"), message);
  }

  @Test
  void theJdkNeedsOneGroupThatItHas() {
    tls.with("tls-groups", "X25519MLKEM768");
    if (Runtime.version().feature() < 27) {
      String message = message(EngineChoice.JDK);
      assertTrue(message.contains("the TLS of this JDK has none of these groups"), message);
    }
  }

  @Test
  void theEngineSaysItsName() throws Exception {
    try (ServerTls boringSsl = tls.load(EngineChoice.BORING_SSL);
        ServerTls jdk = tls.load(EngineChoice.JDK)) {
      assertTrue(
          boringSsl.engine().matches("BoringSSL \\(netty-tcnative 2\\..*\\)"), boringSsl.engine());
      assertEquals("JDK " + System.getProperty("java.version"), jdk.engine());
    }
  }

  /** RFC 5915, as openssl ecparam -genkey writes it. */
  private static String sec1(Issued ec) throws Exception {
    var key =
        new ECPrivateKey(
            256,
            ((java.security.interfaces.ECPrivateKey) ec.privateKey()).getS(),
            SECObjectIdentifiers.secp256r1);
    return Issued.pem(new PemObject("EC PRIVATE KEY", key.getEncoded()));
  }

  private String file(String name) {
    return dir.resolve(name).toString();
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(dir.resolve(name), text, StandardCharsets.UTF_8);
  }

  private void loads() throws OptionException {
    for (EngineChoice engine : EngineChoice.values()) {
      tls.load(engine).close();
    }
  }

  private void refused(String... parts) {
    for (EngineChoice engine : EngineChoice.values()) {
      String message = message(engine);
      for (String part : parts) {
        assertTrue(message.contains(part), message);
      }
      assertEquals(1, message.lines().count());
    }
  }

  private String message(EngineChoice engine) {
    return String.valueOf(assertThrows(OptionException.class, () -> tls.load(engine)).getMessage());
  }
}
