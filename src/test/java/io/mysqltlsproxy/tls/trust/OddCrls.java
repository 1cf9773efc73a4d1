package io.mysqltlsproxy.tls.trust;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;

/** Clients of an authority whose CRL is odd. */
final class OddCrls {
  private static final ASN1ObjectIdentifier UNKNOWN =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.4");
  private static final PkiCertificate ROOT = NativeSituation.root();
  private static final PkiCertificate LAURA = NativeSituation.laura().by(ROOT);

  private OddCrls() {}

  static Stream<OddCase> all() {
    return Stream.of(names(), dates(), entries(), scopes(), keys()).flatMap(each -> each);
  }

  private static PkiCrl crl() {
    return new PkiCrl(ROOT);
  }

  private static OddCase of(String name, PkiCrl... crls) {
    return OddCase.of(name, List.of(LAURA), List.of(ROOT), crls);
  }

  /** One attribute, the common name. */
  static X500Name name(ASN1Encodable value) {
    return new X500Name(new RDN[] {new RDN(BCStyle.CN, value)});
  }

  private static Stream<OddCase> names() {
    List<OddCase> cases = new ArrayList<>();
    List<ASN1Encodable> writings =
        List.of(
            new DERUTF8String("Root"),
            new DERPrintableString("Root"),
            new DERPrintableString(" rOOT  "),
            new DERT61String("Root"),
            new DERBMPString("Root"));
    for (ASN1Encodable inCrl : writings) {
      for (ASN1Encodable inClient : writings) {
        PkiCertificate own = NativeSituation.laura().by(ROOT).shownIssuer(name(inClient));
        cases.add(
            OddCase.of(
                "revoked by a CRL of " + shown(inCrl) + ", issued by " + shown(inClient),
                List.of(own),
                List.of(ROOT),
                crl().issuer(name(inCrl)).revoke(own)));
      }
    }
    cases.add(of("of another name", crl().issuer(name(new DERUTF8String("Roo t")))));
    return cases.stream();
  }

  private static String shown(ASN1Encodable value) {
    return value.getClass().getSimpleName() + " '" + value + "'";
  }

  private static Stream<OddCase> dates() {
    Optional<Time> later = Optional.of(PkiCrl.day(9));
    return Stream.of(
        of("without an end", crl().valid(PkiCrl.day(-1), Optional.empty())),
        of("not yet valid", crl().valid(PkiCrl.day(1), later)),
        of("stale", crl().valid(PkiCrl.day(-3), Optional.of(PkiCrl.day(-1)))),
        of(
            "in GeneralizedTime",
            crl()
                .valid(
                    new Time(new DERGeneralizedTime("20250101000000Z")),
                    Optional.of(new Time(new DERGeneralizedTime("99991231235959Z"))))));
  }

  private static Extension reason(int reason) {
    return PkiCrl.extension(Extension.reasonCode, false, CRLReason.lookup(reason));
  }

  private static Stream<OddCase> entries() {
    Extension unknown = PkiCrl.extension(UNKNOWN, true, new ASN1Integer(1));
    Extension known = PkiCrl.extension(UNKNOWN, false, new ASN1Integer(1));
    BigInteger other = BigInteger.valueOf(123_456);
    return Stream.of(
        of("revoked", crl().revoke(LAURA)),
        of("revoked, removed", crl().revoke(LAURA, reason(CRLReason.removeFromCRL))),
        of("revoked, on hold", crl().revoke(LAURA, reason(CRLReason.certificateHold))),
        of("revoked, unspecified", crl().revoke(LAURA, reason(CRLReason.unspecified))),
        of("another is revoked", crl().revoke(other)),
        of("an entry with an unknown extension", crl().revoke(other, known)),
        of("an entry with an unknown critical extension", crl().revoke(other, unknown)),
        of("revoked with an unknown critical extension", crl().revoke(LAURA, unknown)),
        of("an unknown extension", crl().add(UNKNOWN, false, new ASN1Integer(1))),
        of("an unknown critical extension", crl().add(UNKNOWN, true, new ASN1Integer(1))),
        of("a critical number", crl().add(Extension.cRLNumber, true, new ASN1Integer(1))),
        of(
            "a fresh list beside a stale one that revokes",
            crl().valid(PkiCrl.day(-3), Optional.of(PkiCrl.day(-1))).revoke(LAURA),
            crl()),
        of(
            "two lists, the older one revokes",
            crl().valid(PkiCrl.day(-3), Optional.of(PkiCrl.day(5))).revoke(LAURA),
            crl()));
  }

  private static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  private static DistributionPointName full(GeneralName... names) {
    return new DistributionPointName(new GeneralNames(names));
  }

  private static DistributionPointName relative(String name) {
    return new DistributionPointName(
        DistributionPointName.NAME_RELATIVE_TO_CRL_ISSUER,
        new RDN(BCStyle.CN, new DERUTF8String(name)).toASN1Primitive());
  }

  private static PkiCrl scoped(
      @Nullable DistributionPointName point, boolean users, boolean authorities) {
    return crl()
        .add(
            Extension.issuingDistributionPoint,
            true,
            new IssuingDistributionPoint(point, users, authorities, null, false, false));
  }

  private static OddCase pointed(String name, PkiCrl crl, DistributionPoint... points) {
    PkiCertificate own =
        NativeSituation.laura()
            .by(ROOT)
            .add(Extension.cRLDistributionPoints, false, new CRLDistPoint(points));
    // The root has no distribution point, and needs a list of its own.
    return OddCase.of(name, List.of(own), List.of(ROOT), crl, scoped(null, false, true));
  }

  private static DistributionPoint at(@Nullable DistributionPointName name) {
    return new DistributionPoint(name, null, null);
  }

  private static Stream<OddCase> scopes() {
    GeneralNames root = new GeneralNames(new GeneralName(ROOT.subject));
    GeneralNames other = new GeneralNames(new GeneralName(new X500Name("CN=Other")));
    GeneralName inRoot = new GeneralName(new X500Name("CN=Root,CN=part"));
    ReasonFlags some = new ReasonFlags(ReasonFlags.keyCompromise);
    ReasonFlags every =
        new ReasonFlags(
            ReasonFlags.keyCompromise
                | ReasonFlags.cACompromise
                | ReasonFlags.affiliationChanged
                | ReasonFlags.superseded
                | ReasonFlags.cessationOfOperation
                | ReasonFlags.certificateHold
                | ReasonFlags.privilegeWithdrawn
                | ReasonFlags.aACompromise);
    DistributionPointName a = full(uri("http://a"));
    DistributionPointName b = full(uri("http://b"));
    DistributionPointName part = relative("part");
    PkiCertificate partly =
        NativeSituation.laura()
            .by(ROOT)
            .add(
                Extension.cRLDistributionPoints,
                false,
                new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(a, some, null)}));
    return Stream.of(
        OddCase.of("for some reasons, of the only list", List.of(partly), List.of(ROOT), crl()),
        OddCase.of(
            "for some reasons, and revoked", List.of(partly), List.of(ROOT), crl().revoke(partly)),
        of("of users and of authorities", scoped(null, true, false), scoped(null, false, true)),
        of("of users only", scoped(null, true, false)),
        of("of authorities only", scoped(null, false, true)),
        pointed("a point, of a list of all", crl(), at(a)),
        pointed("the list's point", scoped(a, false, false), at(a)),
        pointed("another point", scoped(b, false, false), at(a)),
        pointed("one of two points", scoped(b, false, false), at(a), at(b)),
        pointed("no point", scoped(b, false, false)),
        pointed("a point without a name", scoped(b, false, false), at(null)),
        pointed(
            "one of a point's names",
            scoped(b, false, false),
            at(full(uri("http://a"), uri("http://b")))),
        pointed("a relative name", scoped(part, false, false), at(part)),
        pointed("another relative name", scoped(relative("x"), false, false), at(part)),
        pointed("a relative name, and the whole", scoped(full(inRoot), false, false), at(part)),
        pointed("a whole name, and a relative", scoped(part, false, false), at(full(inRoot))),
        pointed(
            "a point of the issuer's",
            scoped(a, false, false),
            new DistributionPoint(a, null, root)),
        pointed(
            "a point of another issuer's",
            scoped(a, false, false),
            new DistributionPoint(a, null, other)),
        pointed("another issuer's, of a list of all", crl(), new DistributionPoint(a, null, other)),
        pointed("for some reasons", crl(), new DistributionPoint(a, some, null)),
        pointed(
            "for some reasons, at its point",
            scoped(a, false, false),
            new DistributionPoint(a, some, null)),
        pointed("for every reason", crl(), new DistributionPoint(a, every, null)),
        pointed(
            "for some reasons, then for all",
            crl(),
            new DistributionPoint(a, some, null),
            new DistributionPoint(a, null, null)));
  }

  private static Stream<OddCase> keys() {
    PkiCertificate rolled = NativeSituation.certificate("CN=Root", 4).by(ROOT).authority();
    PkiCertificate own = NativeSituation.laura().by(rolled);
    PkiCertificate signsNone = NativeSituation.root().keyUsage(KeyUsage.keyCertSign);
    AuthorityKeyIdentifier newKey =
        new AuthorityKeyIdentifier(PkiCertificate.keyId(rolled.key).getKeyIdentifier());
    AuthorityKeyIdentifier oldKey =
        new AuthorityKeyIdentifier(PkiCertificate.keyId(ROOT.key).getKeyIdentifier());
    PkiCrl byNew = new PkiCrl(rolled).add(Extension.authorityKeyIdentifier, false, newKey);
    PkiCrl byOld = crl().add(Extension.authorityKeyIdentifier, false, oldKey);
    return Stream.of(
        OddCase.of("by both keys", List.of(own, rolled), List.of(ROOT), byNew, byOld),
        OddCase.of("by the new key", List.of(own, rolled), List.of(ROOT), byNew),
        OddCase.of("by the old key", List.of(own, rolled), List.of(ROOT), byOld),
        OddCase.of(
            "by the old key, which is named, and revokes",
            List.of(own, rolled),
            List.of(ROOT),
            crl().add(Extension.authorityKeyIdentifier, false, oldKey).revoke(own)),
        of("by another key", crl().signedBy(rolled.key)),
        of("with SHA-1", crl().signedWith("SHA1withECDSA")),
        of("with SHA-224", crl().signedWith("SHA224withECDSA")),
        of(
            "with a wrong serial number of the authority",
            crl()
                .add(
                    Extension.authorityKeyIdentifier,
                    false,
                    new AuthorityKeyIdentifier(
                        oldKey.getKeyIdentifierOctets(),
                        new GeneralNames(new GeneralName(ROOT.subject)),
                        BigInteger.valueOf(77)))),
        OddCase.of(
            "of one who may not sign CRLs",
            List.of(NativeSituation.laura().by(signsNone)),
            List.of(signsNone),
            new PkiCrl(signsNone)));
  }
}
