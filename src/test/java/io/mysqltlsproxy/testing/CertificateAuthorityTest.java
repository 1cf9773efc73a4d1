package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateAuthorityTest {
  @ParameterizedTest
  @EnumSource
  void whatAnAuthorityOfAnyKeyIssuesIsSignedByIt(KeyType type) throws Exception {
    CertificateAuthority ca = CertificateAuthority.create("CN=Test CA", type);
    Issued server = ca.issueServer("db.example.com", type);
    server.certificate().verify(ca.issued().certificate().getPublicKey());
    ca.issued().certificate().verify(ca.issued().certificate().getPublicKey());
    assertEquals(1, server.chain().size());
  }

  @Test
  void anIntermediateIsPartOfTheChainOfWhatItIssues() throws Exception {
    CertificateAuthority ca = CertificateAuthority.create("CN=Test CA", KeyType.EC);
    CertificateAuthority middle = ca.intermediate("CN=Middle", KeyType.EC);
    Issued client = middle.issueClient("CN=laura", KeyType.EC);
    X509Certificate second = client.chain().get(1);
    assertEquals(middle.issued().certificate(), second);
    second.verify(ca.issued().certificate().getPublicKey());
  }

  @Test
  void aWrittenKeyIsForItsOwnerOnly(@TempDir Path directory) throws Exception {
    CertificateAuthority ca = CertificateAuthority.create("CN=Test CA", KeyType.EC);
    ca.issueServer("localhost", KeyType.RSA).writeTo(directory, "cert.pem", "key.pem");
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("key.pem"))));
    assertTrue(
        Files.readString(directory.resolve("cert.pem")).startsWith("-----BEGIN CERTIFICATE"));
  }
}
