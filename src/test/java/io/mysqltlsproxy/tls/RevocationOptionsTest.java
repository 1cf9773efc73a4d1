package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationOptionsTest {
  private final Path dir;
  private final TestTls tls;
  private final Issued laura;
  private final Path crl;

  RevocationOptionsTest(@TempDir Path dir) {
    this.dir = dir;
    tls = new TestTls(dir).withClientCa();
    laura = tls.clientCa.issueClient("CN=laura", KeyType.EC);
    crl = dir.resolve("crl.pem");
    tls.with("ssl-crl", crl.toString());
  }

  @Test
  void aRevokedCertificateIsRefusedAndOneThatIsNotPasses() throws Exception {
    Issued monica = tls.clientCa.issueClient("CN=monica", KeyType.EC);
    tls.clientCa.crl().revoke(laura).writeTo(crl);

    ClientCertificates certificates = ClientCertificates.load(tls.values()).orElseThrow();

    String problem = certificates.problem(laura.chain()).orElseThrow();
    String serial = laura.certificate().getSerialNumber().toString(16);
    assertTrue(
        problem.startsWith(
            "the certificate CN=laura (serial number " + serial + ") was revoked at "),
        problem);
    assertEquals(Optional.empty(), certificates.problem(monica.chain()));
    assertEquals(problem, certificates.reasonToLeave(laura.chain()).orElseThrow());
  }

  @Test
  void aStaleOrMissingCrlRefusesNewClientsButIsNoReasonToLeave() throws Exception {
    tls.clientCa.crl().stale().writeTo(crl);
    ClientCertificates stale = ClientCertificates.load(tls.values()).orElseThrow();
    assertTrue(
        stale.problem(laura.chain()).orElseThrow().startsWith("the CRL of CN=Client CA is stale"));
    assertEquals(Optional.empty(), stale.reasonToLeave(laura.chain()));

    tls.serverCa.crl().writeTo(crl);
    ClientCertificates missing = ClientCertificates.load(tls.values()).orElseThrow();
    assertTrue(
        missing.problem(laura.chain()).orElseThrow().startsWith("there is no CRL of CN=Client CA"));
    assertEquals(Optional.empty(), missing.reasonToLeave(laura.chain()));

    tls.clientCa.crl().stale().revoke(laura).writeTo(crl);
    ClientCertificates revoked = ClientCertificates.load(tls.values()).orElseThrow();
    assertTrue(revoked.reasonToLeave(laura.chain()).orElseThrow().contains("was revoked at"));
  }

  @Test
  void aDirectoryIsReadWhereItsFilesHaveOpensslsNamesOrTheUsualEndings() throws Exception {
    tls.without("ssl-crl")
        .with("ssl-crlpath", Files.createDirectory(dir.resolve("crls")).toString());
    tls.clientCa.crl().revoke(laura).writeTo(dir.resolve("crls").resolve("0a1b2c3d.r0"));
    tls.clientCa.crl().writeTo(dir.resolve("crls").resolve("README"));

    ClientCertificates certificates = ClientCertificates.load(tls.values()).orElseThrow();

    assertTrue(certificates.problem(laura.chain()).isPresent());
    assertEquals(1, certificates.revocationLists().size());
    assertTrue(certificates.revocationLists().get(0).endsWith(", 1 revoked"));
  }

  @Test
  void aCrlWithoutAnAuthorityIsAnErrorThatSaysSo() {
    tls.clientCa.crl().writeTo(crl);
    tls.without("ssl-ca");
    assertError("of no use without ssl-ca", "give --ssl-ca or --ssl-capath");
  }

  @Test
  void listsThatAreNotWholeAreErrorsThatSaySo() {
    tls.clientCa.crl().delta().writeTo(crl);
    assertError("holds a CRL of CN=Client CA that is a delta CRL", "complete CRL");
    tls.clientCa.crl().indirect().writeTo(crl);
    assertError("that is an indirect CRL", "complete CRL");
  }

  @Test
  void whatIsNoCrlIsAnErrorThatSaysSo() throws Exception {
    assertError("no such file", "check the path");
    laura.writeCertificate(crl);
    assertError("holds no CRL, only a certificate", "openssl crl");
    String pem = tls.clientCa.crl().pem();
    Files.writeString(
        crl, pem.replace("-----BEGIN X509 CRL-----\nMI", "-----BEGIN X509 CRL-----\nMA"));
    assertError("holds a damaged CRL", "copy it again");
    List<String> lines = pem.lines().toList();
    String base64 = String.join("", lines.subList(1, lines.size() - 1));
    Files.write(crl, Base64.getDecoder().decode(base64));
    assertError("is a CRL in DER, not PEM", "openssl crl -inform DER");
  }

  private void assertError(String reason, String hint) {
    OptionException error =
        assertThrows(OptionException.class, () -> ClientCertificates.load(tls.values()));
    String text = String.valueOf(error.getMessage());
    assertTrue(text.startsWith("--ssl-crl=" + crl + ": "), text);
    assertTrue(text.contains(reason), text);
    assertTrue(text.contains(hint), text);
  }
}
