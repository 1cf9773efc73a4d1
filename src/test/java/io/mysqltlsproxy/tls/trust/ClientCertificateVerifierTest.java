package io.mysqltlsproxy.tls.trust;

import static org.bouncycastle.asn1.x509.KeyPurposeId.anyExtendedKeyUsage;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.pem.CertificateReader;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.SettableClock;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

class ClientCertificateVerifierTest {
  private final CertificateAuthority root = CertificateAuthority.create("CN=Root", KeyType.EC);
  private final CertificateAuthority middle = root.intermediate("CN=Middle", KeyType.EC);

  @Test
  void aCertificateOfTheRootIsAccepted() {
    accepted(trusting(root), root.issueClient("CN=laura", KeyType.EC));
  }

  @Test
  void anIntermediateThatTheClientSendsIsUsed() {
    accepted(trusting(root), middle.issueClient("CN=laura", KeyType.EC));
  }

  @Test
  void anIntermediateInTheCaFileIsUsed() {
    Issued laura = middle.issueClient("CN=laura", KeyType.EC);
    assertDoesNotThrow(
        () -> trusting(root, middle).verify(new X509Certificate[] {laura.certificate()}));
  }

  @Test
  void anIntermediateAloneInTheCaFileIsNoTrustAnchor() {
    assertTrue(!trustedOf(middle).hasRoot());
    Issued laura = middle.issueClient("CN=laura", KeyType.EC);
    CertificateAuthority other = CertificateAuthority.create("CN=Other", KeyType.EC);
    refused(
        trusting(other, middle),
        laura,
        Refusal.UNKNOWN_ISSUER,
        "the certificate CN=Middle is signed by CN=Root, which is neither in --ssl-ca nor sent");
  }

  @Test
  void aMissingIntermediateIsNamed() {
    Issued laura = middle.issueClient("CN=laura", KeyType.EC);
    Issued alone = new Issued(laura.keys(), List.of(laura.certificate()));
    refused(
        trusting(root),
        alone,
        Refusal.UNKNOWN_ISSUER,
        "the certificate CN=laura is signed by CN=Middle, which is neither in --ssl-ca nor sent");
  }

  @Test
  void anotherCaOfTheSameNameIsRefused() {
    CertificateAuthority impostor = CertificateAuthority.create("CN=Root", KeyType.EC);
    refused(
        trusting(root),
        impostor.issueClient("CN=laura", KeyType.EC),
        Refusal.UNKNOWN_ISSUER,
        "the certificate CN=laura was not signed by the CN=Root of --ssl-ca");
  }

  @Test
  void aClientOfADamagedCaHearsThatItIsDamaged() throws Exception {
    PkiCertificate damaged =
        NativeSituation.root()
            .add(Extension.cRLDistributionPoints, false, HexFormat.of().parseHex("30023000"));
    ClientCertificateVerifier verifier =
        new ClientCertificateVerifier(
            TrustedAuthorities.of(List.of(CertificateReader.read(damaged.der()))),
            Optional.empty());
    X509Certificate laura = CertificateReader.read(NativeSituation.laura().by(damaged).der());

    var refused =
        assertThrows(
            CertificateException.class, () -> verifier.verify(new X509Certificate[] {laura}));
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.endsWith("the certificate CN=Root has a damaged extension"), text);
  }

  @Test
  void twoRootsOfOneNameAreBothTried() {
    CertificateAuthority renewed = CertificateAuthority.create("CN=Root", KeyType.EC);
    accepted(trusting(root, renewed), root.issueClient("CN=laura", KeyType.EC));
    accepted(trusting(root, renewed), renewed.issueClient("CN=laura", KeyType.EC));
  }

  @Test
  void aSelfSignedCertificateIsRefusedUnlessTheCaFileHasIt() {
    CertificateAuthority own = CertificateAuthority.create("CN=own", KeyType.EC);
    refused(
        trusting(root), own.issued(), Refusal.SELF_SIGNED, "the certificate CN=own is self-signed");
  }

  @Test
  void anExpiredCertificateIsRefused() {
    refused(
        trusting(root),
        root.certificate("CN=laura").expired().issue(),
        Refusal.EXPIRED,
        "the certificate CN=laura expired at ");
  }

  @Test
  void anExpiredIntermediateIsNamed() {
    CertificateAuthority old = root.certificate("CN=Old").expired().asIntermediate();
    refused(
        trusting(root),
        old.issueClient("CN=laura", KeyType.EC),
        Refusal.EXPIRED,
        "the certificate CN=Old expired at ");
  }

  @Test
  void aCertificateOfTomorrowIsRefused() {
    refused(
        trusting(root),
        root.certificate("CN=laura").notYetValid().issue(),
        Refusal.NOT_YET_VALID,
        "the certificate CN=laura is not valid before ");
  }

  @Test
  void aCertificateForServersOnlyIsRefused() {
    refused(
        trusting(root),
        root.certificate("CN=laura").extendedKeyUsage(id_kp_serverAuth).issue(),
        Refusal.INVALID_PURPOSE,
        "the certificate CN=laura is not for a client: its extended key usage lacks clientAuth");
  }

  @Test
  void aCertificateForClientsOrWithoutAPurposeIsAcceptedAndOneForAnythingIsNot() {
    var verifier = trusting(root);
    accepted(verifier, root.certificate("CN=x").issue());
    refused(
        verifier,
        root.certificate("CN=x").extendedKeyUsage(anyExtendedKeyUsage).issue(),
        Refusal.INVALID_PURPOSE,
        "its extended key usage lacks clientAuth");
    accepted(
        verifier,
        root.certificate("CN=x").extendedKeyUsage(id_kp_serverAuth, id_kp_clientAuth).issue());
  }

  @Test
  void aKeyThatMayNotSignIsRefused() {
    refused(
        trusting(root),
        root.certificate("CN=laura").keyUsage(KeyUsage.keyEncipherment).issue(),
        Refusal.INVALID_PURPOSE,
        "its key usage lacks digitalSignature");
  }

  @Test
  void aCertificateThatIsNoCaCannotIssueOthers() {
    Issued laura = root.issueClient("CN=laura", KeyType.EC);
    CertificateAuthority pretender = CertificateAuthority.of(laura);
    refused(
        trusting(root),
        pretender.issueClient("CN=admin", KeyType.EC),
        Refusal.INVALID_CA,
        "the certificate CN=laura is refused as an authority: its basicConstraints");
  }

  @Test
  void theCaNamesAreSentToTheClient() {
    assertEquals(
        List.of(root.issued().certificate(), middle.issued().certificate()),
        Arrays.asList(trusting(root, middle).getAcceptedIssuers()));
  }

  @Test
  void theCodesAreThoseOfTheNativeLibrary() {
    assumeTrue(OpenSsl.isAvailable());
    assertEquals(CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_CRL, Refusal.NO_CRL.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_CRL_SIGNATURE_FAILURE, Refusal.CRL_SIGNATURE.code());
    assertEquals(CertificateVerifier.X509_V_ERR_CRL_HAS_EXPIRED, Refusal.CRL_STALE.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
        Refusal.NOT_YET_VALID.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
        Refusal.CRL_NOT_YET_VALID.code());
    assertEquals(CertificateVerifier.X509_V_ERR_CERT_REVOKED, Refusal.REVOKED.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
        Refusal.ISSUER_MAY_NOT_SIGN_CRL.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
        Refusal.CRL_EXTENSION.code());
    assertEquals(CertificateVerifier.X509_V_ERR_DIFFERENT_CRL_SCOPE, Refusal.CRL_SCOPE.code());
    assertEquals(CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED, Refusal.EXPIRED.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, Refusal.SELF_SIGNED.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        Refusal.UNKNOWN_ISSUER.code());
    assertEquals(CertificateVerifier.X509_V_ERR_CERT_CHAIN_TOO_LONG, Refusal.CHAIN_TOO_LONG.code());
    assertEquals(CertificateVerifier.X509_V_ERR_INVALID_CA, Refusal.INVALID_CA.code());
    assertEquals(
        CertificateVerifier.X509_V_ERR_PATH_LENGTH_EXCEEDED, Refusal.PATH_LENGTH_EXCEEDED.code());
    assertEquals(CertificateVerifier.X509_V_ERR_INVALID_PURPOSE, Refusal.INVALID_PURPOSE.code());
    assertEquals(CertificateVerifier.X509_V_ERR_CERT_REJECTED, Refusal.REJECTED.code());
  }

  private static TrustedAuthorities trustedOf(CertificateAuthority... authorities) {
    try {
      return TrustedAuthorities.of(
          Arrays.stream(authorities).map(each -> each.issued().certificate()).toList());
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCertificateThatWasGoodIsRefusedOnceItHasExpired() {
    Instant end = Instant.now().plusSeconds(3600);
    SettableClock clock = new SettableClock(Instant.now());
    ClientCertificateVerifier verifier =
        new ClientCertificateVerifier(trustedOf(root), Optional.empty(), clock);
    Issued laura = root.certificate("CN=laura").valid(end.minusSeconds(7200), end).issue();
    accepted(verifier, laura);

    clock.set(end.plusSeconds(1));

    refused(verifier, laura, Refusal.EXPIRED, "the certificate CN=laura expired at ");
  }

  @Test
  void aCertificateThatWasGoodMakesNoOtherGood() {
    ClientCertificateVerifier verifier = trusting(root);
    accepted(verifier, root.issueClient("CN=laura", KeyType.EC));
    CertificateAuthority impostor = CertificateAuthority.create("CN=Root", KeyType.EC);

    refused(
        verifier,
        impostor.issueClient("CN=laura", KeyType.EC),
        Refusal.UNKNOWN_ISSUER,
        "the certificate CN=laura was not signed by the CN=Root of --ssl-ca");
  }

  @Test
  void aCertificateIsRefusedAsOftenAsItIsShown() {
    ClientCertificateVerifier verifier = trusting(root);
    Issued laura = root.certificate("CN=laura").expired().issue();
    for (int i = 0; i < 2; i++) {
      refused(verifier, laura, Refusal.EXPIRED, "the certificate CN=laura expired at ");
    }
  }

  private static ClientCertificateVerifier trusting(CertificateAuthority... authorities) {
    return new ClientCertificateVerifier(trustedOf(authorities), Optional.empty());
  }

  private static void accepted(ClientCertificateVerifier verifier, Issued client) {
    assertDoesNotThrow(() -> verifier.verify(client.chain().toArray(X509Certificate[]::new)));
  }

  private static void refused(
      ClientCertificateVerifier verifier, Issued client, Refusal why, String message) {
    var refusal =
        assertThrows(
            OpenSslCertificateException.class,
            () -> verifier.verify(client.chain().toArray(X509Certificate[]::new)));
    String text = String.valueOf(refusal.getMessage());
    assertTrue(text.contains(message), text);
    assertEquals(why.code(), refusal.errorCode());
  }
}
