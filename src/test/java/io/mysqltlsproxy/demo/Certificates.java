package io.mysqltlsproxy.demo;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;

/** An authority, the proxy's certificate and one client's, in files named as MySQL names them. */
record Certificates(Path directory) {

  /** Of the client's key in the form that JDBC drivers read. */
  static final String KEY_STORE_PASSWORD = "changeit";

  static Certificates create(Path directory, String client)
      throws IOException, GeneralSecurityException {
    CertificateAuthority authority =
        CertificateAuthority.create("CN=Demonstration CA", KeyType.RSA);
    Certificates files = new Certificates(directory);
    authority.issued().writeCertificate(files.ca());
    authority
        .issueServer("localhost", KeyType.RSA)
        .writeTo(directory, "server-cert.pem", "server-key.pem");
    Issued issued = authority.issueClient("CN=" + client, KeyType.RSA);
    issued.writeTo(directory, "client-cert.pem", "client-key.pem");
    files.writeKeyStore(issued);
    return files;
  }

  Path ca() {
    return directory.resolve("ca-cert.pem");
  }

  Path serverCertificate() {
    return directory.resolve("server-cert.pem");
  }

  Path serverKey() {
    return directory.resolve("server-key.pem");
  }

  Path clientCertificate() {
    return directory.resolve("client-cert.pem");
  }

  Path clientKey() {
    return directory.resolve("client-key.pem");
  }

  Path clientKeyStore() {
    return directory.resolve("client.p12");
  }

  private void writeKeyStore(Issued client) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = KEY_STORE_PASSWORD.toCharArray();
    store.setKeyEntry(
        "client", client.privateKey(), password, client.chain().toArray(Certificate[]::new));
    try (OutputStream file = Files.newOutputStream(clientKeyStore())) {
      store.store(file, password);
    }
  }
}
