package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Certificates of a client and of those who are to trust it.
 *
 * @param admitted whether mysqld lets the client in
 * @param sent by the client, its own certificate first
 * @param trusted what {@code ssl-ca} holds
 */
record NativeSituation(
    String name, boolean admitted, List<PkiCertificate> sent, List<PkiCertificate> trusted) {
  private static long serials;

  static PkiCertificate certificate(String subject, Kind kind, int key) {
    return new PkiCertificate(subject, PkiKeys.of(kind, key), ++serials).signedAsUsual();
  }

  static PkiCertificate certificate(String subject, int key) {
    return certificate(subject, Kind.P256, key);
  }

  static PkiCertificate root() {
    return certificate("CN=Root", 0).authority();
  }

  static PkiCertificate laura() {
    return certificate("CN=laura", 1);
  }

  static NativeSituation admitted(
      String name, List<PkiCertificate> sent, List<PkiCertificate> trusted) {
    return new NativeSituation(name, true, sent, trusted);
  }

  private static NativeSituation refused(
      String name, List<PkiCertificate> sent, List<PkiCertificate> trusted) {
    return new NativeSituation(name, false, sent, trusted);
  }

  static Stream<NativeSituation> all() {
    return Stream.of(renewals(), constraintsOfRoots(), purposes(), names(), keys())
        .flatMap(each -> each);
  }

  private static Stream<NativeSituation> renewals() {
    PkiCertificate root = root();
    PkiCertificate oldRoot = root().expired();
    PkiCertificate oldSub = certificate("CN=Sub", 2).by(root).authority().expired();
    PkiCertificate sub = certificate("CN=Sub", 2).by(root).authority();
    PkiCertificate namesake = certificate("CN=Sub", 3).by(root).authority();
    PkiCertificate rolled = certificate("CN=Root", 4).by(root).authority();
    PkiCertificate ofRoot = laura().by(root);
    PkiCertificate ofSub = laura().by(sub);
    return Stream.of(
        admitted("a root", List.of(ofRoot), List.of(root)),
        admitted("an expired root before its renewal", List.of(ofRoot), List.of(oldRoot, root)),
        admitted("an expired root after its renewal", List.of(ofRoot), List.of(root, oldRoot)),
        refused("an expired root alone", List.of(ofRoot), List.of(oldRoot)),
        admitted(
            "the expired intermediate is sent first", List.of(ofSub, oldSub, sub), List.of(root)),
        admitted(
            "the expired intermediate is listed first", List.of(ofSub), List.of(oldSub, sub, root)),
        admitted(
            "another intermediate of that name is listed",
            List.of(ofSub, sub),
            List.of(namesake, root)),
        admitted(
            "a root's key was rolled over", List.of(laura().by(rolled), rolled), List.of(root)),
        refused("nobody's", List.of(laura().by(certificate("CN=Root", 5))), List.of(root)),
        refused("an intermediate without its root", List.of(ofSub), List.of(sub)));
  }

  private static Stream<NativeSituation> constraintsOfRoots() {
    PkiCertificate names = root().permitting(new GeneralName(new X500Name("O=Clients")));
    PkiCertificate hosts = root().permitting(new GeneralName(GeneralName.dNSName, "example.com"));
    PkiCertificate flat = certificate("CN=Root", 0).authority(0);
    PkiCertificate sub = certificate("CN=Sub", 2).by(flat).authority();
    PkiCertificate servers = root().purposes(KeyPurposeId.id_kp_serverAuth);
    return Stream.of(
        refused("outside the root's directory names", List.of(laura().by(names)), List.of(names)),
        admitted(
            "inside the root's directory names",
            List.of(certificate("O=Clients,CN=laura", 1).by(names)),
            List.of(names)),
        refused(
            "outside the root's host names",
            List.of(
                laura()
                    .by(hosts)
                    .alternativeNames(false, new GeneralName(GeneralName.dNSName, "other.org"))),
            List.of(hosts)),
        refused(
            "below a root with a path length of 0", List.of(laura().by(sub), sub), List.of(flat)),
        refused("of a root for servers", List.of(laura().by(servers)), List.of(servers)));
  }

  private static Stream<NativeSituation> purposes() {
    PkiCertificate root = root();
    PkiCertificate server = laura().purposes(KeyPurposeId.id_kp_serverAuth);
    PkiCertificate client = laura().purposes(KeyPurposeId.id_kp_clientAuth);
    return Stream.of(
        refused("a trusted certificate for servers", List.of(server), List.of(server)),
        admitted("a trusted certificate for clients", List.of(client), List.of(client)),
        refused(
            "Netscape's type for servers",
            List.of(laura().by(root).netscapeType(0x40)),
            List.of(root)),
        admitted(
            "Netscape's type for clients",
            List.of(laura().by(root).netscapeType(0x80)),
            List.of(root)),
        refused(
            "for any purpose only",
            List.of(laura().by(root).purposes(KeyPurposeId.anyExtendedKeyUsage)),
            List.of(root)));
  }

  private static Stream<NativeSituation> names() {
    PkiCertificate root = root();
    PkiCertificate sub =
        certificate("CN=Sub", 2)
            .by(root)
            .authority()
            .permitting(new GeneralName(GeneralName.dNSName, "example.com"));
    return Stream.of(
        admitted(
            "a name without dots below host names", List.of(laura().by(sub), sub), List.of(root)),
        admitted(
            "an IP address below host names",
            List.of(
                laura()
                    .by(sub)
                    .alternativeNames(false, new GeneralName(GeneralName.iPAddress, "10.0.0.1")),
                sub),
            List.of(root)),
        admitted(
            "a URI below host names",
            List.of(
                laura()
                    .by(sub)
                    .alternativeNames(
                        false,
                        new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://x/y")),
                sub),
            List.of(root)),
        admitted(
            "an empty subject with names that are not critical",
            List.of(
                certificate("", 1)
                    .by(root)
                    .alternativeNames(
                        false, new GeneralName(GeneralName.rfc822Name, "laura@example.com"))),
            List.of(root)));
  }

  private static Stream<NativeSituation> keys() {
    PkiCertificate root = root();
    PkiCertificate weak = certificate("CN=Root", Kind.RSA1024, 0).authority();
    return Stream.of(
        admitted("RSA", List.of(certificate("CN=laura", Kind.RSA2048, 0).by(root)), List.of(root)),
        admitted("P-384", List.of(certificate("CN=laura", Kind.P384, 0).by(root)), List.of(root)),
        refused("of an RSA root of 1024 bits", List.of(laura().by(weak)), List.of(weak)),
        refused(
            "signed with SHA-1",
            List.of(laura().by(root).signedWith("SHA1withECDSA")),
            List.of(root)));
  }

  @Override
  public String toString() {
    return name;
  }
}
