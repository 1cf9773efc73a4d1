package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenSSL's own program says of the files that {@code certs} makes. */
class CertsIT {
  private final CertsProgram certs;

  CertsIT(@TempDir Path temporary) {
    certs = new CertsProgram(temporary.resolve("certs"));
  }

  @BeforeAll
  static void needsOpenssl() {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("openssl", "version"), Map.of()),
        "openssl is not installed: src/test/bin/install-tools");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC-P256", "RSA-2048", "RSA-3072", "RSA-4096"})
  void theCertificatesPassTheStrictVerification(String keyType) throws IOException {
    certs.run("--key-type=" + keyType, "--san=DNS:db.example.com,IP:10.0.0.1,IP:2001:db8::1");
    certs.run("client", "laura", "--key-type=" + keyType, "--san=URI:spiffe://example.com/laura");

    verify("server-cert.pem", "-purpose", "sslserver", "-verify_hostname", "db.example.com");
    verify("server-cert.pem", "-purpose", "sslserver", "-verify_ip", "2001:db8::1");
    verify("client-cert.pem", "-purpose", "sslclient");
    verify("laura-cert.pem", "-purpose", "sslclient");
    assertEquals(2, tryVerify("client-cert.pem", "-purpose", "sslserver").status());
    assertEquals(2, tryVerify("server-cert.pem", "-verify_hostname", "localhost").status());
    assertTrue(
        certs
            .openssl("x509", "-in", "laura-cert.pem", "-noout", "-ext", "subjectAltName")
            .contains("URI:spiffe://example.com/laura"));
  }

  private void verify(String certificate, String... more) throws IOException {
    Tool.Result result = tryVerify(certificate, more);
    assertEquals(certificate + ": OK\n", result.text(), result::error);
  }

  private Tool.Result tryVerify(String certificate, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("verify", "-x509_strict", "-CAfile", "ca-cert.pem"));
    words.addAll(List.of(more));
    words.add(certificate);
    return certs.tryOpenssl(words.toArray(String[]::new));
  }

  @Test
  void aRevokedCertificateIsRevokedToOpensslToo() throws IOException {
    certs.run();
    certs.run("client", "laura");

    certs.run("revoke", certs.file("laura-cert.pem"));
    certs.run("crl", "--days=7");

    Tool.Result signature =
        certs.tryOpenssl("crl", "-in", "crl.pem", "-noout", "-verify", "-CAfile", "ca-cert.pem");
    assertTrue(signature.error().contains("verify OK"), signature::error);
    verify("client-cert.pem", "-crl_check", "-CRLfile", "crl.pem");
    Tool.Result revoked = tryVerify("laura-cert.pem", "-crl_check", "-CRLfile", "crl.pem");
    assertEquals(2, revoked.status());
    assertTrue(revoked.error().contains("certificate revoked"), revoked::error);
    assertTrue(list().contains("X509v3 CRL Number: \n                2\n"), this::list);
  }

  @Test
  void opensslCaGoesOnWithTheDatabaseAndCertsWithWhatOpensslCaHasWritten() throws IOException {
    certs.run();
    certs.run("client", "laura");
    certs.run("client", "smith");
    certs.run("revoke", certs.file("laura-cert.pem"));
    Files.writeString(
        certs.directory().resolve("openssl.cnf"),
        """
        [ca]
        default_ca = here
        [here]
        certificate = ca-cert.pem
        private_key = ca-key.pem
        database = index.txt
        crlnumber = crlnumber
        new_certs_dir = .
        default_md = sha256
        default_crl_days = 7
        """);
    String[] revoke = {"-revoke", "client-cert.pem", "-crl_reason", "keyCompromise"};
    certs.openssl("ca", "-config", "openssl.cnf", revoke[0], revoke[1], revoke[2], revoke[3]);
    certs.openssl("ca", "-config", "openssl.cnf", "-gencrl", "-out", "crl.pem");
    assertTrue(list().contains("X509v3 CRL Number: \n                2\n"), this::list);

    certs.run("revoke", certs.file("smith-cert.pem"));

    assertTrue(list().contains("X509v3 CRL Number: \n                3\n"), this::list);
    assertTrue(list().contains("Key Compromise"), this::list);
    for (String name : List.of("laura-cert.pem", "client-cert.pem", "smith-cert.pem")) {
      assertEquals(2, tryVerify(name, "-crl_check", "-CRLfile", "crl.pem").status(), name);
    }
    assertFalse(
        certs.openssl("ca", "-config", "openssl.cnf", "-updatedb").contains("error"),
        "the database is openssl's still");
  }

  private String list() {
    return Tool.run("openssl", "crl", "-in", certs.file("crl.pem"), "-noout", "-text").text();
  }
}
