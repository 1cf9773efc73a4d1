package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;

/**
 * The files of a proxy and of its clients: one authority has signed the certificates of both. The
 * server's is valid for {@code localhost} and 127.0.0.1.
 *
 * <p>All keys are RSA keys, which clients of every age take. The files have the names that {@code
 * mysql_ssl_rsa_setup} and MySQL's documentation give them.
 *
 * @param directory holds them all
 * @param authority has signed them, and can sign more
 */
public record ProxyCertificates(Path directory, CertificateAuthority authority) {
  /** The password of both key stores. */
  public static final String STORE_PASSWORD = "store-password";

  /** Made when first asked for. */
  private static final class Shared {
    static final ProxyCertificates CERTIFICATES = create();

    private static ProxyCertificates create() {
      try {
        return ProxyCertificates.create(
            TemporaryDirectory.create("certificates-").path(), "CN=client,O=Test");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Those of every proxy in this JVM, and of its clients; deleted with it. */
  public static ProxyCertificates shared() {
    return Shared.CERTIFICATES;
  }

  /**
   * Makes new ones.
   *
   * @param directory is there
   * @param client the client's subject: {@code CN=client,O=Test}
   */
  public static ProxyCertificates create(Path directory, String client) {
    CertificateAuthority authority = CertificateAuthority.create("CN=Test CA", KeyType.RSA);
    ProxyCertificates files = new ProxyCertificates(directory, authority);
    authority.issued().writeCertificate(files.ca());
    authority
        .issueServer("localhost", KeyType.RSA)
        .writeTo(directory, "server-cert.pem", "server-key.pem");
    Issued issued = authority.issueClient(client, KeyType.RSA);
    issued.writeTo(directory, "client-cert.pem", "client-key.pem");
    try {
      KeyStore trusted = newStore();
      trusted.setCertificateEntry("ca", authority.issued().certificate());
      write(trusted, files.trustStore());
      KeyStore own = newStore();
      own.setKeyEntry(
          "client",
          issued.privateKey(),
          STORE_PASSWORD.toCharArray(),
          issued.chain().toArray(Certificate[]::new));
      write(own, files.clientStore());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** The authority's certificate, in PEM. */
  public Path ca() {
    return directory.resolve("ca-cert.pem");
  }

  /** The proxy's certificate, in PEM. */
  public Path serverCert() {
    return directory.resolve("server-cert.pem");
  }

  /** The proxy's key, in PEM. */
  public Path serverKey() {
    return directory.resolve("server-key.pem");
  }

  /** The client's certificate, in PEM. */
  public Path clientCert() {
    return directory.resolve("client-cert.pem");
  }

  /** The client's key, in PEM. */
  public Path clientKey() {
    return directory.resolve("client-key.pem");
  }

  /** A PKCS#12 file with the authority's certificate. */
  public Path trustStore() {
    return directory.resolve("truststore.p12");
  }

  /** A PKCS#12 file with the client's certificate and key. */
  public Path clientStore() {
    return directory.resolve("client.p12");
  }

  private static KeyStore newStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static void write(KeyStore store, Path file)
      throws GeneralSecurityException, IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, STORE_PASSWORD.toCharArray());
    }
  }
}
