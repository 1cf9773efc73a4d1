package io.mysqltlsproxy.tls.trust;

import static io.mysqltlsproxy.tls.trust.OddCertificates.ROOT;
import static io.mysqltlsproxy.tls.trust.OddCertificates.alone;
import static io.mysqltlsproxy.tls.trust.OddCertificates.laura;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Usages, purposes and other extensions that are seldom seen, and none in version 1. */
final class OddExtensions {
  private OddExtensions() {}

  static Stream<OddCase> all() {
    return Stream.concat(usages(), extensions());
  }

  private static Stream<OddCase> usages() {
    List<OddCase> cases = new ArrayList<>();
    for (int usage :
        List.of(
            KeyUsage.digitalSignature,
            KeyUsage.nonRepudiation,
            KeyUsage.keyEncipherment,
            KeyUsage.dataEncipherment,
            KeyUsage.keyAgreement,
            KeyUsage.keyCertSign,
            KeyUsage.cRLSign,
            KeyUsage.encipherOnly,
            KeyUsage.decipherOnly,
            KeyUsage.keyAgreement | KeyUsage.decipherOnly)) {
      cases.add(alone("usage " + usage, laura().keyUsage(usage)));
      PkiCertificate root = NativeSituation.root().keyUsage(usage);
      cases.add(
          OddCase.of(
              "root's usage " + usage, List.of(NativeSituation.laura().by(root)), List.of(root)));
    }
    KeyPurposeId[][] purposes = {
      {KeyPurposeId.id_kp_clientAuth},
      {KeyPurposeId.id_kp_serverAuth},
      {KeyPurposeId.anyExtendedKeyUsage},
      {KeyPurposeId.anyExtendedKeyUsage, KeyPurposeId.id_kp_serverAuth},
      {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth},
      {KeyPurposeId.id_kp_emailProtection},
      {KeyPurposeId.id_kp_timeStamping},
      {KeyPurposeId.id_kp_timeStamping, KeyPurposeId.id_kp_clientAuth},
      {KeyPurposeId.id_kp_OCSPSigning},
      {KeyPurposeId.id_kp_smartcardlogon},
      {},
    };
    for (KeyPurposeId[] each : purposes) {
      String names = List.of(each).toString();
      cases.add(alone("purposes " + names, laura().purposes(each)));
      PkiCertificate root = NativeSituation.root().purposes(each);
      PkiCertificate sub = NativeSituation.certificate("CN=Sub", 2).by(ROOT).authority();
      sub.purposes(each);
      cases.add(
          OddCase.of(
              "root's purposes " + names,
              List.of(NativeSituation.laura().by(root)),
              List.of(root)));
      cases.add(
          OddCase.of(
              "intermediate's purposes " + names,
              List.of(NativeSituation.laura().by(sub), sub),
              List.of(ROOT)));
    }
    return cases.stream();
  }

  private static Stream<OddCase> extensions() {
    ASN1Encodable policy = new DERSequence(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.3"));
    ASN1Encodable policies = new DERSequence(policy);
    ASN1Encodable required = new DERSequence(new DERTaggedObject(false, 0, new ASN1Integer(0)));
    PkiCertificate strict = NativeSituation.root().add(Extension.policyConstraints, true, required);
    List<OddCase> cases = new ArrayList<>();
    cases.add(
        OddCase.of(
            "no policy where one is required",
            List.of(NativeSituation.laura().by(strict)),
            List.of(strict)));
    cases.add(
        alone("critical policies", laura().add(Extension.certificatePolicies, true, policies)));
    for (String id :
        List.of(
            "2.5.29.9", // subject directory attributes
            "2.5.29.16", // private key usage period
            "2.5.29.18", // issuer's alternative names
            "2.5.29.46", // freshest CRL
            "1.3.6.1.5.5.7.1.1", // authority information access
            "1.3.6.1.5.5.7.1.3", // qualified certificate statements
            "1.3.6.1.5.5.7.1.11", // subject information access
            "1.3.6.1.5.5.7.1.24", // TLS feature
            "1.3.6.1.5.5.7.48.1.5", // OCSP no check
            "2.16.840.1.113730.1.13", // Netscape's comment
            "1.3.6.1.4.1.11129.2.4.3", // certificate transparency's poison
            "1.3.6.1.4.1.311.21.7", // Microsoft's template
            "1.3.6.1.4.1.99999.1")) {
      for (boolean critical : new boolean[] {true, false}) {
        cases.add(
            alone(
                (critical ? "critical " : "not critical ") + id,
                laura().add(new ASN1ObjectIdentifier(id), critical, DERNull.INSTANCE)));
      }
    }
    PkiCertificate old = NativeSituation.certificate("CN=Root", 0).version1();
    cases.add(
        OddCase.of("a root of version 1", List.of(NativeSituation.laura().by(old)), List.of(old)));
    cases.add(alone("a client of version 1", laura().version1()));
    PkiCertificate oldSub = NativeSituation.certificate("CN=Sub", 2).by(ROOT).version1();
    cases.add(
        OddCase.of(
            "an intermediate of version 1",
            List.of(NativeSituation.laura().by(oldSub), oldSub),
            List.of(ROOT)));
    return cases.stream();
  }
}
