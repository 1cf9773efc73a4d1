package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.pem.CertificateReader;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of an authority and its CRL before there is a client. */
class RevocationTest {
  private static Optional<String> problem(PkiCertificate authority) throws Exception {
    Crl crl = TestCertificates.crl(new PkiCrl(authority).der());
    return new Revocation(List.of(crl))
        .problemOf(CertificateReader.read(authority.der()), Instant.now());
  }

  @Test
  void anAuthorityWhoseCrlIsInOrderHasNoProblem() throws Exception {
    assertEquals(Optional.empty(), problem(NativeSituation.root()));
  }

  @ParameterizedTest
  @CsvSource({
    "a key usage that is empty, 2.5.29.15, 030100",
    "a key identifier that is no string, 2.5.29.14, 0500",
    "a distribution point that is nowhere, 2.5.29.31, 30023000"
  })
  void anAuthorityWithADamagedExtensionIsNamedAndNotItsCrl(
      String damage, String extension, String value) throws Exception {
    PkiCertificate damaged =
        NativeSituation.root()
            .withoutSubjectKeyId()
            .add(new ASN1ObjectIdentifier(extension), false, HexFormat.of().parseHex(value));
    assertEquals(
        Optional.of("the certificate CN=Root has a damaged extension"),
        TrustedAuthorities.damage(CertificateReader.read(damaged.der())),
        damage);
    assertEquals(Optional.empty(), problem(damaged), damage);
  }
}
