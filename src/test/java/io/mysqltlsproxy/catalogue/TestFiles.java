package io.mysqltlsproxy.catalogue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.TemporaryDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Certificates of clients and proxies, each wrong in its own way. */
final class TestFiles {
  static final String STORE_PASSWORD = "store-password";

  private static final Path DIRECTORY = directory();
  private static final CertificateAuthority CA = ProxyCertificates.shared().authority();
  private static final CertificateAuthority OTHER =
      CertificateAuthority.create("CN=Other CA", KeyType.RSA);

  static final Path GOOD = client("good", CA.issueClient("CN=app,O=Test", KeyType.RSA));
  static final Path UNKNOWN_CA = client("unknown", OTHER.issueClient("CN=app", KeyType.RSA));
  static final Path OF_A_CA =
      client("self", CertificateAuthority.create("CN=app", KeyType.RSA).issued());
  static final Path EXPIRED =
      client("expired", CA.certificate("CN=app").key(KeyType.RSA).expired().issue());
  static final Path TOMORROW =
      client("tomorrow", CA.certificate("CN=app").key(KeyType.RSA).notYetValid().issue());
  static final Path SERVERS =
      client(
          "servers",
          CA.certificate("CN=app")
              .key(KeyType.RSA)
              .extendedKeyUsage(KeyPurposeId.id_kp_serverAuth)
              .issue());
  private static final Issued REVOKED_PAIR = CA.issueClient("CN=app", KeyType.RSA);
  static final Path REVOKED = client("revoked", REVOKED_PAIR);

  static final Path OTHER_CA = OTHER.issued().writeCertificate(DIRECTORY.resolve("other-ca.pem"));
  static final Path CRL = CA.crl().revoke(REVOKED_PAIR).writeTo(DIRECTORY.resolve("crl.pem"));
  static final Path STALE_CRL = CA.crl().stale().writeTo(DIRECTORY.resolve("stale.pem"));
  static final Path OTHERS_CRL = OTHER.crl().writeTo(DIRECTORY.resolve("others-crl.pem"));

  /** The proxy's, each with its key beside it. */
  static final Path OTHER_NAME =
      server(
          "other-name",
          CA.certificate("CN=db.example")
              .key(KeyType.RSA)
              .dns("db.example")
              .extendedKeyUsage(KeyPurposeId.id_kp_serverAuth)
              .issue());

  static final Path EXPIRED_SERVER =
      server(
          "expired-server",
          CA.certificate("CN=localhost")
              .key(KeyType.RSA)
              .dns("localhost")
              .ip("127.0.0.1")
              .expired()
              .extendedKeyUsage(KeyPurposeId.id_kp_serverAuth)
              .issue());

  private TestFiles() {}

  private static Path directory() {
    try {
      return TemporaryDirectory.create("catalogue-").path();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A rules file. */
  static Path rules(String... statements) {
    try {
      return Files.writeString(DIRECTORY.resolve("rules.sql"), String.join("\n", statements));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path key(Path base) {
    return Path.of(base + "-key.pem");
  }

  static Path pem(Path base) {
    return Path.of(base + ".pem");
  }

  static Path store(Path base) {
    return Path.of(base + ".p12");
  }

  /** The trust store of a file of one certificate. */
  static Path trustStore(Path ca) {
    return ca.equals(OTHER_CA)
        ? trusting("other-ca", OTHER.issued())
        : ProxyCertificates.shared().trustStore();
  }

  private static Path server(String name, Issued issued) {
    issued.writeTo(DIRECTORY, name + ".pem", name + "-key.pem");
    return DIRECTORY.resolve(name);
  }

  private static Path client(String name, Issued issued) {
    issued.writeTo(DIRECTORY, name + ".pem", name + "-key.pem");
    write(
        DIRECTORY.resolve(name + ".p12"),
        store ->
            store.setKeyEntry(
                "client",
                issued.privateKey(),
                STORE_PASSWORD.toCharArray(),
                issued.chain().toArray(Certificate[]::new)));
    return DIRECTORY.resolve(name);
  }

  private static Path trusting(String name, Issued issued) {
    Path file = DIRECTORY.resolve(name + ".p12");
    if (!Files.exists(file)) {
      write(file, store -> store.setCertificateEntry("ca", issued.certificate()));
    }
    return file;
  }

  private interface Filler {
    void fill(KeyStore store) throws GeneralSecurityException;
  }

  private static void write(Path file, Filler filler) {
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      filler.fill(store);
      store.store(out, STORE_PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
