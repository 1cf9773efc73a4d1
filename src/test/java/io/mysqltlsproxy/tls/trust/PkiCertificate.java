package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.CertificateReader;
import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
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
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.operator.ContentSigner;
import org.jspecify.annotations.Nullable;

/** A certificate being described, with all that may be wrong with one. */
final class PkiCertificate {

  final X500Name subject;
  final PkiKey key;
  final BigInteger serial;
  private final List<Extension> extensions = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private BigInteger shownSerial;
  private Time notBefore = day(-10);
  private Time notAfter = day(300);
  private SubjectPublicKeyInfo shownKey;
  private @Nullable PkiCertificate issuer;
  private @Nullable X500Name shownIssuer;
  private @Nullable PkiKey signer;
  private @Nullable String algorithm;
  private boolean usual;
  private boolean authorityKeyId = true;
  private boolean namesIssuersSerial;
  private @Nullable PkiKey keyOfId;
  private int version = 3;
  private boolean damagedSignature;
  private byte @Nullable [] der;

  PkiCertificate(X500Name subject, PkiKey key, long serial) {
    this.subject = subject;
    this.key = key;
    this.serial = BigInteger.valueOf(serial);
    shownSerial = this.serial;
    keyOfId = key;
    shownKey = SubjectPublicKeyInfo.getInstance(key.pair().getPublic().getEncoded());
  }

  PkiCertificate(String subject, PkiKey key, long serial) {
    this(new X500Name(subject), key, serial);
  }

  /** Signed by another; without this, by itself. */
  PkiCertificate by(PkiCertificate authority) {
    issuer = authority;
    return note("by #" + authority.serial);
  }

  /** With another way to write its issuer's name. */
  PkiCertificate shownIssuer(X500Name name) {
    shownIssuer = name;
    return note("issuer shown as " + name);
  }

  PkiCertificate valid(int fromDay, int toDay) {
    return valid(day(fromDay), day(toDay)).note("days " + fromDay + " to " + toDay);
  }

  PkiCertificate valid(Time from, Time to) {
    notBefore = from;
    notAfter = to;
    return note(from + " to " + to);
  }

  private static Time day(int fromNow) {
    return new Time(Date.from(Instant.now().plus(Duration.ofDays(fromNow))));
  }

  BigInteger shownSerial() {
    return shownSerial;
  }

  PkiCertificate shownSerial(BigInteger other) {
    shownSerial = other;
    return note("serial " + other);
  }

  /** Another encoding of its key, or another key, in the place of its own. */
  PkiCertificate shownKey(SubjectPublicKeyInfo other) {
    shownKey = other;
    return note("key shown as " + other.getAlgorithm().getParameters());
  }

  SubjectPublicKeyInfo shownKey() {
    return shownKey;
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

  /** Not critical, or with a length that cannot be. */
  PkiCertificate strangeAuthority(int way) {
    return switch (way) {
      case 0 -> add(Extension.basicConstraints, false, new BasicConstraints(true));
      case 1 ->
          add(
              Extension.basicConstraints,
              true,
              sequence(ASN1Boolean.TRUE, new ASN1Integer(BigInteger.valueOf(-1))));
      default -> add(Extension.basicConstraints, true, sequence(new ASN1Integer(1)));
    };
  }

  /**
   * The same with the same signature key, but below this certificate, which it names beyond doubt.
   *
   * @param above null where it ends a path
   */
  PkiCertificate below(@Nullable PkiCertificate above) {
    PkiCertificate twin = new PkiCertificate(subject, key, serial.longValueExact());
    twin.extensions.addAll(extensions);
    twin.shownSerial = shownSerial;
    twin.shownIssuer = shownIssuer;
    twin.notBefore = notBefore;
    twin.notAfter = notAfter;
    twin.shownKey = shownKey;
    twin.keyOfId = keyOfId;
    twin.version = version;
    twin.algorithm = algorithm;
    twin.usual = usual;
    twin.damagedSignature = damagedSignature;
    twin.signer = signer();
    twin.issuer = above;
    twin.namesIssuersSerial = above != null;
    return twin;
  }

  private PkiKey signer() {
    PkiCertificate by = issuer == null ? this : issuer;
    return signer == null ? by.key : signer;
  }

  /** Whether anybody but OpenSSL takes it for a certificate. */
  boolean isReadable() {
    try {
      CertificateReader.read(der());
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  PkiKeys.Kind signerKind() {
    return signer().kind();
  }

  boolean isSelfSigned() {
    return issuer == null;
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
    return limiting(subtrees(names), new GeneralSubtree[0]);
  }

  PkiCertificate limiting(GeneralSubtree[] permitted, GeneralSubtree[] excluded) {
    return add(
        Extension.nameConstraints,
        true,
        new NameConstraints(
            permitted.length == 0 ? null : permitted, excluded.length == 0 ? null : excluded));
  }

  private static GeneralSubtree[] subtrees(GeneralName... names) {
    return Arrays.stream(names).map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
  }

  PkiCertificate add(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
    try {
      return add(type, critical, value.toASN1Primitive().getEncoded()).note(value.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With these bytes, whatever they are. */
  PkiCertificate add(ASN1ObjectIdentifier type, boolean critical, byte[] value) {
    extensions.add(new Extension(type, critical, new DEROctetString(value)));
    return note(type.getId() + (critical ? "!" : ""));
  }

  boolean has(ASN1ObjectIdentifier type) {
    return extensions.stream().anyMatch(each -> each.getExtnId().equals(type));
  }

  PkiCertificate withoutSubjectKeyId() {
    keyOfId = null;
    return note("no SKID");
  }

  /** With the identifier of another key. */
  PkiCertificate subjectKeyIdOf(PkiKey other) {
    keyOfId = other;
    return note("SKID of " + Integer.toHexString(other.pair().getPublic().hashCode()));
  }

  PkiCertificate withoutAuthorityKeyId() {
    authorityKeyId = false;
    return note("no AKID");
  }

  /** By issuer and serial number, too. */
  PkiCertificate namingIssuersSerial() {
    namesIssuersSerial = true;
    return note("AKID with issuer and serial number");
  }

  PkiCertificate signedWith(String signatureAlgorithm) {
    algorithm = signatureAlgorithm;
    return note(signatureAlgorithm);
  }

  /** Not, as by default, now and then with one of the unusual algorithms of its issuer's key. */
  PkiCertificate signedAsUsual() {
    usual = true;
    return this;
  }

  PkiCertificate version1() {
    return version(1);
  }

  /** With the extensions that only the third should have, but in the first. */
  PkiCertificate version(int number) {
    version = number;
    return note("version " + number);
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
    ContentSigner by = contentSigner();
    try {
      ASN1Encodable signed =
          toBeSigned(issuer == null ? this : issuer, by.getAlgorithmIdentifier());
      by.getOutputStream().write(signed.toASN1Primitive().getEncoded());
      byte[] signature = by.getSignature();
      if (damagedSignature) {
        signature[signature.length - 5] ^= 1;
      }
      return sequence(signed, by.getAlgorithmIdentifier(), new DERBitString(signature))
          .getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ContentSigner contentSigner() {
    if (algorithm != null) {
      return signer().signer(algorithm);
    }
    return usual ? signer().usualSigner() : signer().signer(new Random(serial.longValue()));
  }

  /** By hand: a builder would not make what should not be. */
  private ASN1Encodable toBeSigned(PkiCertificate signer, AlgorithmIdentifier algorithm)
      throws IOException {
    ASN1EncodableVector all = new ASN1EncodableVector();
    if (version > 1) {
      all.add(new DERTaggedObject(true, 0, new ASN1Integer(version - 1)));
    }
    all.add(new ASN1Integer(shownSerial));
    all.add(algorithm);
    all.add(shownIssuer == null ? signer.subject : shownIssuer);
    all.add(sequence(notBefore, notAfter));
    all.add(subject);
    all.add(shownKey);
    if (version > 1) {
      ASN1EncodableVector list = new ASN1EncodableVector();
      keyIds(signer).forEach(list::add);
      extensions.forEach(list::add);
      if (list.size() > 0) {
        all.add(new DERTaggedObject(true, 3, new DERSequence(list)));
      }
    }
    return new DERSequence(all);
  }

  private List<Extension> keyIds(PkiCertificate signer) throws IOException {
    List<Extension> ids = new ArrayList<>();
    if (keyOfId != null) {
      ids.add(extension(Extension.subjectKeyIdentifier, keyId(keyOfId)));
    }
    PkiKey named = signer.version == 1 ? null : signer.keyOfId;
    if (authorityKeyId && (named != null || namesIssuersSerial)) {
      PkiCertificate above = signer.issuer == null ? signer : signer.issuer;
      ids.add(
          extension(
              Extension.authorityKeyIdentifier,
              new AuthorityKeyIdentifier(
                  named == null ? null : keyId(named).getKeyIdentifier(),
                  namesIssuersSerial ? new GeneralNames(new GeneralName(above.subject)) : null,
                  namesIssuersSerial ? signer.shownSerial : null)));
    }
    return ids;
  }

  private static Extension extension(ASN1ObjectIdentifier type, ASN1Encodable value)
      throws IOException {
    return new Extension(type, false, new DEROctetString(value));
  }

  private static DERSequence sequence(ASN1Encodable... elements) {
    return new DERSequence(elements);
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
