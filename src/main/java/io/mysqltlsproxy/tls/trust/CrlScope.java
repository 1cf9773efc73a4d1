package io.mysqltlsproxy.tls.trust;

import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.jspecify.annotations.Nullable;

/**
 * Which of its authority's certificates a CRL speaks of: its issuing distribution point (<a
 * href="https://www.rfc-editor.org/rfc/rfc5280#section-5.2.5">RFC 5280, section 5.2.5</a>) beside
 * the distribution points of a certificate.
 *
 * @param issuer of the list
 * @param point null where it speaks of all
 */
record CrlScope(DistinguishedName issuer, @Nullable IssuingDistributionPoint point) {
  private static final int REASONS_OF_FIRST_BYTE = 0x7f;
  private static final int REASONS_OF_SECOND_BYTE = 0x80;

  /** How much a list says of a certificate. */
  enum Coverage {
    NOTHING,
    /** The certificate wants other lists for the other reasons. */
    SOME_REASONS,
    ALL
  }

  /**
   * The scope of a list.
   *
   * @throws IllegalArgumentException where the extension is damaged
   */
  static CrlScope of(DistinguishedName issuer, @Nullable Extensions extensions) {
    Extension extension =
        extensions == null ? null : extensions.getExtension(Extension.issuingDistributionPoint);
    return new CrlScope(
        issuer,
        extension == null
            ? null
            : IssuingDistributionPoint.getInstance(extension.getExtnValue().getOctets()));
  }

  boolean isIndirect() {
    return point != null && point.isIndirectCRL();
  }

  /** Whether it lists some reasons only, attribute certificates, or nothing at all. */
  boolean isPartial() {
    return point != null
        && (point.getOnlySomeReasons() != null
            || point.onlyContainsAttributeCerts()
            || (point.onlyContainsUserCerts() && point.onlyContainsCACerts()));
  }

  /** By the first distribution point of the certificate that is the list's, as OpenSSL. */
  Coverage coverage(PathCertificate certificate) {
    if (isOfOthers(certificate)) {
      return Coverage.NOTHING;
    }
    DistributionPointName own = point == null ? null : point.getDistributionPoint();
    try {
      Optional<Set<Object>> names = names(own, issuer);
      for (DistributionPoint each : certificate.extensions().distributionPoints()) {
        if (isOfThisIssuer(each) && isOneOf(names, names(each, certificate.issuer()))) {
          return coversAllReasons(each.getReasons()) ? Coverage.ALL : Coverage.SOME_REASONS;
        }
      }
    } catch (IllegalArgumentException damaged) {
      return Coverage.NOTHING;
    }
    return own == null ? Coverage.ALL : Coverage.NOTHING;
  }

  private boolean isOfOthers(PathCertificate certificate) {
    if (point == null) {
      return false;
    }
    var constraints = certificate.extensions().basicConstraints();
    boolean authority = constraints != null && constraints.isCA();
    return authority ? point.onlyContainsUserCerts() : point.onlyContainsCACerts();
  }

  private boolean isOfThisIssuer(DistributionPoint of) {
    return of.getCRLIssuer() == null
        || Arrays.stream(of.getCRLIssuer().getNames()).map(CrlScope::name).anyMatch(issuer::equals);
  }

  /** Where one of them says nothing, they do not differ. */
  private static boolean isOneOf(Optional<Set<Object>> some, Optional<Set<Object>> others) {
    return some.isEmpty() || others.isEmpty() || !Collections.disjoint(some.get(), others.get());
  }

  private static Optional<Set<Object>> names(DistributionPoint of, DistinguishedName issuer) {
    Optional<DistinguishedName> other =
        of.getCRLIssuer() == null
            ? Optional.empty()
            : Arrays.stream(of.getCRLIssuer().getNames())
                .map(CrlScope::name)
                .filter(DistinguishedName.class::isInstance)
                .map(DistinguishedName.class::cast)
                .findFirst();
    return names(of.getDistributionPoint(), other.orElse(issuer));
  }

  /** Empty where it is not named. */
  private static Optional<Set<Object>> names(
      @Nullable DistributionPointName point, DistinguishedName issuer) {
    if (point == null) {
      return Optional.empty();
    }
    return Optional.of(
        point.getType() == DistributionPointName.FULL_NAME
            ? Arrays.stream(GeneralNames.getInstance(point.getName()).getNames())
                .map(CrlScope::name)
                .collect(Collectors.toSet())
            : Set.of(issuer.with(RDN.getInstance(ASN1Set.getInstance(point.getName())))));
  }

  private static Object name(GeneralName name) {
    return name.getTagNo() == GeneralName.directoryName
        ? DistinguishedName.of(name.getName())
        : name;
  }

  private static boolean coversAllReasons(@Nullable ReasonFlags reasons) {
    if (reasons == null) {
      return true;
    }
    byte[] bits = reasons.getBytes();
    return bits.length > 1
        && (bits[0] & REASONS_OF_FIRST_BYTE) == REASONS_OF_FIRST_BYTE
        && (bits[1] & REASONS_OF_SECOND_BYTE) != 0;
  }
}
