package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.AlgorithmNames;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.jspecify.annotations.Nullable;

/**
 * What the extensions of a certificate say of its place in a path (<a
 * href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2">RFC 5280, section 4.2</a>).
 *
 * @param basicConstraints null where there is none
 * @param keyUsage bits as OpenSSL numbers them, the first the highest of the first byte; -1 where
 *     there is none
 * @param purposes of the extended key usage; null where there is none
 * @param netscapeType bits of {@code nsCertType}; -1 where there is none
 * @param subjectKeyId null where there is none
 * @param authorityKeyId null where there is none
 * @param alternativeNames empty where there are none
 * @param nameConstraints null where there are none
 * @param distributionPoints of CRLs; empty where there are none
 * @param unknownCritical an extension that nobody here understands and is critical; null where
 *     there is none
 */
record CertificateExtensions(
    @Nullable BasicConstraints basicConstraints,
    int keyUsage,
    @Nullable Set<KeyPurposeId> purposes,
    int netscapeType,
    @Nullable ASN1OctetString subjectKeyId,
    @Nullable AuthorityKeyIdentifier authorityKeyId,
    List<GeneralName> alternativeNames,
    @Nullable NameConstraints nameConstraints,
    List<DistributionPoint> distributionPoints,
    @Nullable String unknownCritical) {

  static final int DIGITAL_SIGNATURE = 0x80;
  static final int KEY_ENCIPHERMENT = 0x20;
  static final int KEY_AGREEMENT = 0x08;
  static final int KEY_CERT_SIGN = 0x04;
  static final int CRL_SIGN = 0x02;
  static final int NETSCAPE_CLIENT = 0x80;
  static final int NETSCAPE_SERVER = 0x40;
  static final int NETSCAPE_TLS_CA = 0x04;
  static final int NETSCAPE_ANY_CA = 0x07;

  /**
   * Those that OpenSSL takes for understood. It does nothing for policies unless it is asked to,
   * and mysqld does not ask.
   */
  private static final Set<ASN1ObjectIdentifier> UNDERSTOOD =
      Set.of(
          MiscObjectIdentifiers.netscapeCertType,
          Extension.keyUsage,
          Extension.subjectKeyIdentifier,
          Extension.subjectAlternativeName,
          Extension.basicConstraints,
          Extension.authorityKeyIdentifier,
          Extension.certificatePolicies,
          Extension.cRLDistributionPoints,
          Extension.extendedKeyUsage,
          new ASN1ObjectIdentifier("1.3.6.1.5.5.7.48.1.5"), // OCSP no check
          Extension.policyConstraints,
          Extension.nameConstraints,
          Extension.policyMappings,
          Extension.inhibitAnyPolicy);

  /**
   * Ranges of addresses and of autonomous systems (RFC 3779), and proxy certificates (RFC 3820).
   */
  private static final Set<ASN1ObjectIdentifier> NOT_TAKEN =
      Set.of(
          new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.7"),
          new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.8"),
          new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.14"));

  private static final CertificateExtensions NONE =
      new CertificateExtensions(null, -1, null, -1, null, null, List.of(), null, List.of(), null);

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException where one is damaged, or contradicts itself
   */
  static CertificateExtensions of(@Nullable Extensions extensions) {
    if (extensions == null) {
      return NONE;
    }
    ASN1Primitive constraints = value(extensions, Extension.basicConstraints);
    ASN1Primitive usage = value(extensions, Extension.keyUsage);
    ASN1Primitive purposes = value(extensions, Extension.extendedKeyUsage);
    ASN1Primitive netscape = value(extensions, MiscObjectIdentifiers.netscapeCertType);
    ASN1Primitive subject = value(extensions, Extension.subjectKeyIdentifier);
    ASN1Primitive authority = value(extensions, Extension.authorityKeyIdentifier);
    ASN1Primitive names = value(extensions, Extension.subjectAlternativeName);
    ASN1Primitive limits = value(extensions, Extension.nameConstraints);
    ASN1Primitive points = value(extensions, Extension.cRLDistributionPoints);
    return new CertificateExtensions(
        constraints == null ? null : basicConstraints(constraints),
        usage == null ? -1 : keyUsage(usage),
        purposes == null ? null : purposes(purposes),
        netscape == null ? -1 : bits(netscape),
        subject == null ? null : ASN1OctetString.getInstance(subject),
        authority == null ? null : AuthorityKeyIdentifier.getInstance(authority),
        names == null ? List.of() : List.of(GeneralNames.getInstance(names).getNames()),
        limits == null ? null : NameConstraints.getInstance(limits),
        points == null ? List.of() : distributionPoints(points),
        unknownCritical(extensions));
  }

  private static @Nullable ASN1Primitive value(Extensions extensions, ASN1ObjectIdentifier type) {
    Extension extension = extensions.getExtension(type);
    if (extension == null) {
      return null;
    }
    byte[] octets = extension.getExtnValue().getOctets();
    if (octets.length == 0) {
      throw new IllegalArgumentException("empty extension");
    }
    try {
      return ASN1Primitive.fromByteArray(octets);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("damaged extension", e);
    }
  }

  private static BasicConstraints basicConstraints(ASN1Primitive value) {
    BasicConstraints constraints = BasicConstraints.getInstance(value);
    BigInteger length = constraints.getPathLenConstraint();
    if (length != null && length.signum() < 0) {
      throw new IllegalArgumentException("a path length that cannot be");
    }
    return constraints;
  }

  /** That allows nothing is not allowed. */
  private static int keyUsage(ASN1Primitive value) {
    byte[] bytes = ASN1BitString.getInstance(value).getBytes();
    boolean any = (bytes.length > 0 && bytes[0] != 0) || (bytes.length > 1 && bytes[1] != 0);
    if (!any) {
      throw new IllegalArgumentException("an empty key usage");
    }
    return bytes[0] & 0xff;
  }

  private static int bits(ASN1Primitive value) {
    byte[] bytes = ASN1BitString.getInstance(value).getBytes();
    return bytes.length == 0 ? 0 : bytes[0] & 0xff;
  }

  private static Set<KeyPurposeId> purposes(ASN1Primitive value) {
    return new HashSet<>(List.of(ExtendedKeyUsage.getInstance(value).getUsages()));
  }

  private static List<DistributionPoint> distributionPoints(ASN1Primitive value) {
    List<DistributionPoint> points =
        List.of(CRLDistPoint.getInstance(value).getDistributionPoints());
    for (DistributionPoint each : points) {
      if (each.getDistributionPoint() == null && each.getCRLIssuer() == null) {
        throw new IllegalArgumentException("a distribution point that is nowhere");
      }
    }
    return points;
  }

  private static @Nullable String unknownCritical(Extensions extensions) {
    for (ASN1ObjectIdentifier type : extensions.getExtensionOIDs()) {
      boolean critical = extensions.getExtension(type).isCritical();
      if (NOT_TAKEN.contains(type) || (critical && !UNDERSTOOD.contains(type))) {
        return AlgorithmNames.of(type);
      }
    }
    return null;
  }

  /** Whether the key may do one of these things; a certificate that does not say may. */
  boolean allowsKeyUsage(int bits) {
    return keyUsage < 0 || (keyUsage & bits) != 0;
  }

  /** OpenSSL does not count {@code anyExtendedKeyUsage}. */
  boolean allowsPurpose(KeyPurposeId purpose) {
    return purposes == null || purposes.contains(purpose);
  }

  boolean allowsNetscapeType(int bits) {
    return netscapeType < 0 || (netscapeType & bits) != 0;
  }
}
