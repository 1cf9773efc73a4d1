package io.mysqltlsproxy.tls.trust;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.jspecify.annotations.Nullable;

/**
 * Which of its authority's certificates a CRL speaks of: its issuing distribution point (<a
 * href="https://www.rfc-editor.org/rfc/rfc5280#section-5.2.5">RFC 5280, section 5.2.5</a>).
 *
 * @param point null where it speaks of all
 */
public record CrlScope(@Nullable IssuingDistributionPoint point) {

  /**
   * The scope of a list.
   *
   * @throws IllegalArgumentException where the extension is damaged
   */
  static CrlScope of(X509CRL crl) {
    byte[] value = crl.getExtensionValue(Extension.issuingDistributionPoint.getId());
    return new CrlScope(
        value == null
            ? null
            : IssuingDistributionPoint.getInstance(ASN1OctetString.getInstance(value).getOctets()));
  }

  boolean isIndirect() {
    return point != null && point.isIndirectCRL();
  }

  /** Whether it lists some reasons only, or attribute certificates. */
  boolean isPartial() {
    return point != null
        && (point.getOnlySomeReasons() != null || point.onlyContainsAttributeCerts());
  }

  boolean covers(X509Certificate certificate) {
    if (point == null) {
      return true;
    }
    boolean authority = certificate.getBasicConstraints() >= 0;
    if (authority ? point.onlyContainsUserCerts() : point.onlyContainsCACerts()) {
      return false;
    }
    DistributionPointName name = point.getDistributionPoint();
    if (name == null) {
      return true;
    }
    Set<GeneralName> own = names(name).collect(Collectors.toSet());
    return distributionPoints(certificate).anyMatch(own::contains);
  }

  private static Stream<GeneralName> distributionPoints(X509Certificate certificate) {
    byte[] value = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
    if (value == null) {
      return Stream.empty();
    }
    try {
      CRLDistPoint points =
          CRLDistPoint.getInstance(ASN1OctetString.getInstance(value).getOctets());
      return Arrays.stream(points.getDistributionPoints())
          .map(DistributionPoint::getDistributionPoint)
          .flatMap(name -> name == null ? Stream.empty() : names(name));
    } catch (IllegalArgumentException damaged) {
      return Stream.empty();
    }
  }

  /** Names relative to the issuer's are in use nowhere, and match nothing here. */
  private static Stream<GeneralName> names(DistributionPointName name) {
    return name.getType() == DistributionPointName.FULL_NAME
        ? Arrays.stream(GeneralNames.getInstance(name.getName()).getNames())
        : Stream.empty();
  }
}
