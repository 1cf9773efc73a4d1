package io.mysqltlsproxy.tls.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as the search for a path sees it. It is read from its bytes, by Bouncy Castle:
 * Java's own reader refuses certificates that OpenSSL takes, such as those with an empty subject
 * and alternative names that are not critical. Reading computes nothing with its key.
 */
final class PathCertificate {
  /** Attributes of a name; it takes longer than a signature to compare one of thousands. */
  private static final int MAX_NAME_SIZE = 100;

  private final byte[] der;
  private final String fingerprint;
  private final Certificate certificate;
  private final DistinguishedName subject;
  private final DistinguishedName issuer;
  private final SubjectKey key;
  private final CertificateSignature signature;
  private final boolean selfIssued;
  private final boolean selfSigned;
  private final @Nullable CertificateExtensions extensions;
  private final @Nullable Instant notBefore;
  private final @Nullable Instant notAfter;

  private PathCertificate(byte[] der, Certificate certificate) {
    this.der = der;
    this.certificate = certificate;
    TBSCertificate signed = certificate.getTBSCertificate();
    fingerprint = sha256(der);
    subject = DistinguishedName.of(signed.getSubject());
    issuer = DistinguishedName.of(signed.getIssuer());
    key = SubjectKey.of(signed.getSubjectPublicKeyInfo());
    signature = CertificateSignature.of(certificate.getSignatureAlgorithm());
    extensions = extensions(signed);
    notBefore = CertificateDate.of(signed.getStartDate());
    notAfter = CertificateDate.of(signed.getEndDate());
    selfIssued = subject.equals(issuer);
    selfSigned = selfIssued && maySign(this);
  }

  /**
   * Reads a certificate.
   *
   * @throws CertificateException where it is damaged
   */
  static PathCertificate read(byte[] der) throws CertificateException {
    try {
      Certificate certificate = Certificate.getInstance(ASN1Primitive.fromByteArray(der));
      checkSize(certificate.getSubject());
      checkSize(certificate.getIssuer());
      return new PathCertificate(der, certificate);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw Refusal.REJECTED.because("the certificate is damaged", e);
    }
  }

  private static void checkSize(X500Name name) throws CertificateException {
    int size = Arrays.stream(name.getRDNs()).mapToInt(RDN::size).sum();
    if (size > MAX_NAME_SIZE) {
      throw Refusal.REJECTED.because(
          "a certificate names somebody by " + size + " attributes, and may by " + MAX_NAME_SIZE);
    }
  }

  static PathCertificate of(X509Certificate certificate) throws CertificateException {
    return read(certificate.getEncoded());
  }

  private static @Nullable CertificateExtensions extensions(TBSCertificate signed) {
    try {
      return CertificateExtensions.of(signed.getExtensions());
    } catch (RuntimeException damaged) {
      return null;
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Whether this one can be the issuer of the other, by names, key identifiers and the kind of the
   * signature: OpenSSL's {@code X509_check_issued}. Nothing is computed with a key.
   */
  boolean mayHaveIssued(PathCertificate other) {
    return subject.equals(other.issuer) && maySign(other);
  }

  private boolean maySign(PathCertificate other) {
    return extensions != null
        && other.extensions != null
        && isNamedBy(other.extensions.authorityKeyId())
        && other.signature.isOf(key.kind());
  }

  /** Whether an authority key identifier, which is optional, means this certificate. */
  boolean isNamedBy(@Nullable AuthorityKeyIdentifier identifier) {
    if (identifier == null) {
      return true;
    }
    ASN1OctetString own = extensions().subjectKeyId();
    byte[] wanted = identifier.getKeyIdentifierOctets();
    if (wanted != null && own != null && !Arrays.equals(wanted, own.getOctets())) {
      return false;
    }
    BigInteger serial = identifier.getAuthorityCertSerialNumber();
    if (serial != null && !serial.equals(serial())) {
      return false;
    }
    if (identifier.getAuthorityCertIssuer() != null) {
      for (GeneralName name : identifier.getAuthorityCertIssuer().getNames()) {
        if (name.getTagNo() == GeneralName.directoryName) {
          return DistinguishedName.of(name.getName()).equals(issuer);
        }
      }
    }
    return true;
  }

  /** Whether the other's key made this one's signature. */
  boolean isSignedBy(SubjectKey issuersKey) {
    boolean oneAlgorithm =
        certificate.getSignatureAlgorithm().equals(certificate.getTBSCertificate().getSignature());
    return oneAlgorithm
        && signature.isOf(issuersKey.kind())
        && signature.verifies(
            issuersKey, Der.firstElement(der), certificate.getSignature().getOctets());
  }

  /** Of the whole certificate, in hexadecimal: gives certificates an order of their own. */
  String fingerprint() {
    return fingerprint;
  }

  byte[] der() {
    return der.clone();
  }

  DistinguishedName subject() {
    return subject;
  }

  DistinguishedName issuer() {
    return issuer;
  }

  BigInteger serial() {
    return certificate.getSerialNumber().getValue();
  }

  SubjectKey key() {
    return key;
  }

  CertificateSignature signature() {
    return signature;
  }

  /** Whether subject and issuer have one name. */
  boolean isSelfIssued() {
    return selfIssued;
  }

  /**
   * Whether it names itself as its issuer, key identifier and all; the signature is not looked at.
   */
  boolean isSelfSigned() {
    return selfSigned;
  }

  boolean isVersion1() {
    return certificate.getVersionNumber() == 1;
  }

  /** Whether they can be read. */
  boolean hasSoundExtensions() {
    return extensions != null;
  }

  CertificateExtensions extensions() {
    CertificateExtensions known = extensions;
    if (known == null) {
      throw new IllegalStateException("its extensions are damaged");
    }
    return known;
  }

  /** Null where it is not written as it should be. */
  @Nullable Instant notBefore() {
    return notBefore;
  }

  /** Null where it is not written as it should be. */
  @Nullable Instant notAfter() {
    return notAfter;
  }

  /**
   * An order in which to try issuers: the living before the others, of several the one that lives
   * longest; and no two are equal, so that it is the same in every process.
   */
  static Comparator<PathCertificate> livingFirst(Instant now) {
    return Comparator.comparing((PathCertificate certificate) -> !certificate.isValidAt(now))
        .thenComparing(
            certificate -> Objects.requireNonNullElse(certificate.notAfter, Instant.MIN),
            Comparator.reverseOrder())
        .thenComparing(PathCertificate::fingerprint);
  }

  boolean isValidAt(Instant time) {
    return notBefore != null
        && notAfter != null
        && !time.isBefore(notBefore)
        && time.isBefore(notAfter);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathCertificate same && fingerprint.equals(same.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  /** What in it cannot be read, so that no path may use it. */
  Optional<String> damage() {
    return hasSoundExtensions() ? Optional.empty() : Optional.of(this + " has a damaged extension");
  }

  /** {@code the certificate CN=laura}. */
  @Override
  public String toString() {
    return "the certificate " + subjectName();
  }

  String subjectName() {
    return CertificateNames.show(certificate.getSubject());
  }

  String issuerName() {
    return CertificateNames.show(certificate.getIssuer());
  }
}
