package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.jspecify.annotations.Nullable;

/** A certificate being described, with all that may be wrong with one. */
final class PkiCertificate {

  final X500Name subject;
  final PkiKey key;
  final BigInteger serial;
  private final List<Extension> extensions = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Instant notBefore = Instant.now().minus(Duration.ofDays(10));
  private Instant notAfter = Instant.now().plus(Duration.ofDays(300));
  private @Nullable PkiCertificate issuer;
  private @Nullable String algorithm;
  private boolean subjectKeyId = true;
  private boolean authorityKeyId = true;
  private boolean version1;
  private boolean damagedSignature;
  private byte @Nullable [] der;

  PkiCertificate(X500Name subject, PkiKey key, long serial) {
    this.subject = subject;
    this.key = key;
    this.serial = BigInteger.valueOf(serial);
  }

  PkiCertificate(String subject, PkiKey key, long serial) {
    this(new X500Name(subject), key, serial);
  }

  /** Signed by another; without this, by itself. */
  PkiCertificate by(PkiCertificate authority) {
    issuer = authority;
    return note("by #" + authority.serial);
  }

  PkiCertificate valid(int fromDay, int toDay) {
    notBefore = Instant.now().plus(Duration.ofDays(fromDay));
    notAfter = Instant.now().plus(Duration.ofDays(toDay));
    return note("days " + fromDay + " to " + toDay);
  }

  PkiCertificate expired() {
    return valid(-300, -10);
  }

  /** An authority. */
  PkiCertificate authority() {
    return add(Extension.basicConstraints, true, new BasicConstraints(true));
  }

  PkiCertificate authority(int pathLength) {
    return add(Extension.basicConstraints, true, new BasicConstraints(pathLength));
  }

  PkiCertificate notAuthority() {
    return add(Extension.basicConstraints, true, new BasicConstraints(false));
  }

  PkiCertificate keyUsage(int bits) {
    return add(Extension.keyUsage, true, new KeyUsage(bits));
  }

  PkiCertificate purposes(KeyPurposeId... ids) {
    return add(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(ids));
  }

  PkiCertificate netscapeType(int bits) {
    return add(
        MiscObjectIdentifiers.netscapeCertType,
        false,
        new DERBitString(new byte[] {(byte) bits}, 0));
  }

  PkiCertificate alternativeNames(boolean critical, GeneralName... names) {
    return add(Extension.subjectAlternativeName, critical, new GeneralNames(names));
  }

  PkiCertificate permitting(GeneralName... names) {
    return add(Extension.nameConstraints, true, new NameConstraints(subtrees(names), null));
  }

  PkiCertificate excluding(GeneralName... names) {
    return add(Extension.nameConstraints, true, new NameConstraints(null, subtrees(names)));
  }

  private static GeneralSubtree[] subtrees(GeneralName... names) {
    return Arrays.stream(names).map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
  }

  PkiCertificate add(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
    try {
      extensions.add(new Extension(type, critical, new DEROctetString(value)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return note(type.getId() + (critical ? "! " : " ") + value);
  }

  PkiCertificate withoutSubjectKeyId() {
    subjectKeyId = false;
    return note("no SKID");
  }

  PkiCertificate withoutAuthorityKeyId() {
    authorityKeyId = false;
    return note("no AKID");
  }

  PkiCertificate signedWith(String signatureAlgorithm) {
    algorithm = signatureAlgorithm;
    return note(signatureAlgorithm);
  }

  PkiCertificate version1() {
    version1 = true;
    return note("version 1");
  }

  PkiCertificate damagedSignature() {
    damagedSignature = true;
    return note("damaged signature");
  }

  private PkiCertificate note(String text) {
    notes.add(text);
    return this;
  }

  /** Signs it, once. */
  byte[] der() {
    byte[] made = der;
    if (made == null) {
      made = make();
      der = made;
    }
    return made;
  }

  private byte[] make() {
    PkiCertificate signer = issuer == null ? this : issuer;
    SubjectPublicKeyInfo info =
        SubjectPublicKeyInfo.getInstance(key.pair().getPublic().getEncoded());
    ContentSigner by =
        algorithm == null
            ? signer.key.signer(new Random(serial.longValue()))
            : signer.key.signer(algorithm);
    try {
      byte[] encoded = version1 ? version1(signer, info, by) : version3(signer, info, by);
      if (damagedSignature) {
        encoded[encoded.length - 5] ^= 1;
      }
      return encoded;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] version1(PkiCertificate signer, SubjectPublicKeyInfo info, ContentSigner by)
      throws IOException {
    return new X509v1CertificateBuilder(
            signer.subject, serial, Date.from(notBefore), Date.from(notAfter), subject, info)
        .build(by)
        .getEncoded();
  }

  private byte[] version3(PkiCertificate signer, SubjectPublicKeyInfo info, ContentSigner by)
      throws IOException {
    var builder =
        new X509v3CertificateBuilder(
            signer.subject, serial, Date.from(notBefore), Date.from(notAfter), subject, info);
    if (subjectKeyId) {
      builder.addExtension(Extension.subjectKeyIdentifier, false, keyId(key));
    }
    if (authorityKeyId && signer.subjectKeyId && !signer.version1) {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(keyId(signer.key).getKeyIdentifier()));
    }
    for (Extension extension : extensions) {
      builder.addExtension(extension);
    }
    return builder.build(by).getEncoded();
  }

  static SubjectKeyIdentifier keyId(PkiKey key) {
    byte[] encoded = key.pair().getPublic().getEncoded();
    return new SubjectKeyIdentifier(
        Arrays.copyOfRange(encoded, encoded.length - 20, encoded.length));
  }

  @Override
  public String toString() {
    return "#"
        + serial
        + " "
        + subject
        + " "
        + key.kind()
        + " "
        + Integer.toHexString(key.pair().getPublic().hashCode())
        + " "
        + notes;
  }
}
