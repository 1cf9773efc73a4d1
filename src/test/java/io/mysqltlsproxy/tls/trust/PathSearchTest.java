package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.DERVisibleString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases that were once judged otherwise than by OpenSSL; each is put to OpenSSL, too. */
class PathSearchTest {
  @TempDir private Path directory = Path.of("");
  private long serials;

  private static PkiKey key(int number) {
    return PkiKeys.of(Kind.P256, number);
  }

  private PkiCertificate certificate(String subject, int key) {
    return new PkiCertificate(subject, key(key), ++serials);
  }

  private PkiCertificate root(String subject, int key) {
    return certificate(subject, key).authority();
  }

  private final PkiCertificate root = root("CN=Root", 0);

  @Test
  void anExpiredRootBesideItsRenewalLocksNobodyOut() {
    PkiCertificate old = root("CN=Root", 0).expired();
    PkiCertificate laura = certificate("CN=laura", 1).by(root);
    admitted(List.of(laura), List.of(old, root));
    admitted(List.of(laura), List.of(root, old));
  }

  @Test
  void aRenewedIntermediateIsUsedWhereTheExpiredOneComesFirst() {
    PkiCertificate old = certificate("CN=Sub", 2).by(root).authority().expired();
    PkiCertificate renewed = certificate("CN=Sub", 2).by(root).authority();
    PkiCertificate laura = certificate("CN=laura", 1).by(renewed);
    admitted(List.of(laura, old, renewed), List.of(root));
    admitted(List.of(laura), List.of(old, renewed, root));
    assertTrue(judge(List.of(laura, renewed), List.of(old, root)).good());
  }

  @Test
  void aNamesakeInTheFileDoesNotHideTheIntermediateThatIsSent() {
    PkiCertificate namesake = certificate("CN=Sub", 3).by(root).authority();
    PkiCertificate sub = certificate("CN=Sub", 2).by(root).authority();
    admitted(List.of(certificate("CN=laura", 1).by(sub), sub), List.of(root, namesake));
  }

  @Test
  void aRootIsRolledOverToANewKey() {
    PkiCertificate renewed = certificate("CN=Root", 4).by(root).authority();
    admitted(List.of(certificate("CN=laura", 1).by(renewed), renewed), List.of(root));
  }

  @Test
  void whatOpenSslMissesForWantOfKeyIdentifiersIsFoundInAnyOrder() {
    PkiCertificate one = root("CN=Root", 0).withoutSubjectKeyId().withoutAuthorityKeyId();
    PkiCertificate other = root("CN=Root", 5).withoutSubjectKeyId().withoutAuthorityKeyId();
    PkiCertificate laura = certificate("CN=laura", 1).by(other).withoutAuthorityKeyId();
    assertTrue(judge(List.of(laura), List.of(one, other)).good());
    assertTrue(judge(List.of(laura), List.of(other, one)).good());
  }

  @Test
  void theNamesThatARootMayGiveAreAll() {
    PkiCertificate limited = root("CN=Limited", 0).permitting(new GeneralName(new X500Name("O=X")));
    refused(List.of(certificate("CN=laura,O=Y", 1).by(limited)), List.of(limited));
    admitted(List.of(certificate("O=X,CN=laura", 1).by(limited)), List.of(limited));
    PkiCertificate hosts =
        root("CN=Hosts", 0).permitting(new GeneralName(GeneralName.dNSName, "example.com"));
    refused(List.of(certificate("CN=laura.other.org", 1).by(hosts)), List.of(hosts));
    refused(
        List.of(
            certificate("CN=laura", 1)
                .by(hosts)
                .alternativeNames(false, new GeneralName(GeneralName.dNSName, "other.org"))),
        List.of(hosts));
  }

  /** OpenSSL does not read it at all. */
  @Test
  void anAlternativeNameThatIsDamagedIsRefusedWhereItIsLimited() {
    PkiCertificate limited = root("CN=Limited", 0).permitting(new GeneralName(new X500Name("O=X")));
    GeneralName damaged = new GeneralName(OddCrls.name(new DERVisibleString("x")));
    PkiCertificate own = certificate("O=X,CN=laura", 1).by(limited);
    Judgement judgement = judge(List.of(own.alternativeNames(false, damaged)), List.of(limited));
    assertTrue(judgement.message().contains("a name that is damaged"), judgement.message());
  }

  @Test
  void aRootWithAPathLengthOfZeroHasNoIntermediates() {
    PkiCertificate flat = certificate("CN=Flat", 0).authority(0);
    PkiCertificate sub = certificate("CN=Sub", 2).by(flat).authority();
    refused(List.of(certificate("CN=laura", 1).by(sub), sub), List.of(flat));
    admitted(List.of(certificate("CN=laura", 1).by(flat)), List.of(flat));
  }

  @Test
  void aRootForServersHasNoClients() {
    PkiCertificate servers = root("CN=Servers", 0).purposes(KeyPurposeId.id_kp_serverAuth);
    refused(List.of(certificate("CN=laura", 1).by(servers)), List.of(servers));
  }

  @Test
  void aTrustedCertificateForServersIsNoClient() {
    PkiCertificate server = certificate("CN=server", 1).purposes(KeyPurposeId.id_kp_serverAuth);
    refused(List.of(server), List.of(server));
    PkiCertificate client = certificate("CN=client", 1).purposes(KeyPurposeId.id_kp_clientAuth);
    admitted(List.of(client), List.of(client));
  }

  @Test
  void aTypeOfNetscapesOrAnyPurposeAtAllIsNoClients() {
    refused(List.of(certificate("CN=laura", 1).by(root).netscapeType(0x40)), List.of(root));
    admitted(List.of(certificate("CN=laura", 1).by(root).netscapeType(0x80)), List.of(root));
    refused(
        List.of(certificate("CN=laura", 1).by(root).purposes(KeyPurposeId.anyExtendedKeyUsage)),
        List.of(root));
  }

  @Test
  void aNameThatIsNoHostsIsFreeUnderAConstraintOfHosts() {
    PkiCertificate sub =
        certificate("CN=Sub", 2)
            .by(root)
            .authority()
            .permitting(new GeneralName(GeneralName.dNSName, "example.com"));
    admitted(List.of(certificate("CN=laura", 1).by(sub), sub), List.of(root));
    admitted(
        List.of(
            certificate("CN=laura", 1)
                .by(sub)
                .alternativeNames(
                    false,
                    new GeneralName(GeneralName.iPAddress, "10.0.0.1"),
                    new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://x/y")),
            sub),
        List.of(root));
  }

  @Test
  void anEmptySubjectIsTakenWithAlternativeNamesThatAreNotCritical() {
    admitted(
        List.of(
            certificate("", 1)
                .by(root)
                .alternativeNames(
                    false, new GeneralName(GeneralName.rfc822Name, "laura@example.com"))),
        List.of(root));
  }

  @Test
  void aKeyForKeyAgreementOnlyIsAClients() {
    admitted(
        List.of(certificate("CN=laura", 1).by(root).keyUsage(KeyUsage.keyAgreement)),
        List.of(root));
  }

  @Test
  void keysOfAllKindsThatOpenSslTakesAreTaken() {
    for (Kind kind : List.of(Kind.P521, Kind.RSA_PSS, Kind.ED25519, Kind.P384, Kind.RSA2048)) {
      PkiCertificate authority =
          new PkiCertificate("CN=Root", PkiKeys.of(kind, 0), ++serials).authority();
      admitted(
          List.of(new PkiCertificate("CN=laura", PkiKeys.of(kind, 0), ++serials).by(authority)),
          List.of(authority));
    }
    for (Kind kind : List.of(Kind.RSA1024, Kind.P192)) {
      PkiCertificate weak =
          new PkiCertificate("CN=Root", PkiKeys.of(kind, 0), ++serials).authority();
      refused(List.of(certificate("CN=laura", 1).by(weak)), List.of(weak));
    }
  }

  @Test
  void theAnswerDoesNotDependOnTheOrderOfTheFile() {
    List<PkiCertificate> trusted = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      trusted.add(root("CN=Root", i % 3));
      trusted.add(root("CN=Root", i % 3).expired());
    }
    PkiCertificate laura = certificate("CN=laura", 1).by(trusted.get(2));
    Judgement first = judge(List.of(laura), trusted);
    assertTrue(first.good(), first.message());
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(trusted, new Random(i));
      assertEquals(first, judge(List.of(laura), trusted));
    }
  }

  private void admitted(List<PkiCertificate> sent, List<PkiCertificate> trusted) {
    Judgement judgement = judge(sent, trusted);
    assertEquals("", judgement.message());
    if (OpenSslOracle.isAvailable()) {
      assertTrue(openSsl(sent, trusted).good(), openSsl(sent, trusted).text());
    }
  }

  private void refused(List<PkiCertificate> sent, List<PkiCertificate> trusted) {
    Judgement judgement = judge(sent, trusted);
    assertTrue(!judgement.good(), "admitted");
    if (OpenSslOracle.isAvailable()) {
      assertEquals(
          openSsl(sent, trusted).alert(),
          OpenSslOracle.alert(judgement.error()),
          judgement::message);
    }
  }

  private OpenSslOracle.Verdict openSsl(List<PkiCertificate> sent, List<PkiCertificate> trusted) {
    return new OpenSslOracle(directory).ask(der(sent), der(trusted), List.of());
  }

  private static Judgement judge(List<PkiCertificate> sent, List<PkiCertificate> trusted) {
    return Judgement.of(der(sent), der(trusted), List.of());
  }

  private static List<byte[]> der(List<PkiCertificate> all) {
    return all.stream().map(PkiCertificate::der).toList();
  }
}
