package io.mysqltlsproxy.certs;

import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth;

import io.mysqltlsproxy.certs.Request.Purpose;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs certificates and revocation lists, as <a
 * href="https://www.rfc-editor.org/rfc/rfc5280#section-4">RFC 5280</a> has them.
 *
 * @param issued its own certificate, signed by itself, and its key
 */
public record CertificateAuthority(Issued issued) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** For clocks that are behind. */
  static final Duration EARLIER = Duration.ofHours(1);

  /** Makes one that is valid for some days from now. */
  static CertificateAuthority create(SubjectName subject, KeyType keyType, int days, Instant now) {
    KeyPair keys = keyType.kind().generate();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject.name(),
            newSerial(),
            Date.from(now.minus(EARLIER)),
            Date.from(now.plus(days, ChronoUnit.DAYS)),
            subject.name(),
            keys.getPublic());
    try {
      SubjectKeyIdentifier own = subjectKeyIdentifier(keys.getPublic());
      builder.addExtension(Extension.subjectKeyIdentifier, false, own);
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(own.getKeyIdentifier()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new CertificateAuthority(
          new Issued(signed(builder, keys.getPrivate()), keys.getPrivate()));
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  X509Certificate certificate() {
    return issued.certificate();
  }

  /** Whether the key is the certificate's. */
  boolean isWhole() {
    try {
      byte[] probe = {1};
      Signature signature = Signature.getInstance(KeyType.signatureAlgorithm(issued.key()));
      signature.initSign(issued.key());
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate().getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The last moment at which what it signs can be valid. */
  Instant end() {
    return certificate().getNotAfter().toInstant();
  }

  /** Signs a certificate for a new key. */
  Issued issue(Request request, Instant now) {
    KeyPair keys = request.keys().generate();
    JcaX509v3CertificateBuilder builder =
        builder(
            request.subject().name(),
            keys.getPublic(),
            now,
            now.plus(request.days(), ChronoUnit.DAYS));
    boolean server = request.purpose() == Purpose.SERVER;
    try {
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, subjectKeyIdentifier(keys.getPublic()));
      builder.addExtension(Extension.authorityKeyIdentifier, false, authorityKeyIdentifier());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              KeyUsage.digitalSignature
                  | (server && request.keys().isRsa() ? KeyUsage.keyEncipherment : 0)));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(server ? id_kp_serverAuth : id_kp_clientAuth));
      if (!request.names().names().isEmpty()) {
        builder.addExtension(Extension.subjectAlternativeName, false, request.names().encoded());
      }
      return new Issued(signed(builder, issued.key()), keys.getPrivate());
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs a certificate that is like another one, but for its key and its time. */
  Issued renew(X509Certificate old, KeyPair keys, Instant now, Instant end) {
    JcaX509v3CertificateBuilder builder =
        builder(SubjectName.of(old.getSubjectX500Principal()).name(), keys.getPublic(), now, end);
    try {
      copyExtensions(old, builder);
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, subjectKeyIdentifier(keys.getPublic()));
      builder.addExtension(Extension.authorityKeyIdentifier, false, authorityKeyIdentifier());
      return new Issued(signed(builder, issued.key()), keys.getPrivate());
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same authority with another key or time. */
  CertificateAuthority renewed(KeyPair keys, Instant now, Instant end) {
    boolean sameKey = keys.getPublic().equals(certificate().getPublicKey());
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name(),
            newSerial(),
            Date.from(now.minus(EARLIER)),
            Date.from(end),
            name(),
            keys.getPublic());
    try {
      copyExtensions(certificate(), builder);
      byte[] own =
          sameKey
              ? authorityKeyIdentifier().getKeyIdentifierOctets()
              : subjectKeyIdentifier(keys.getPublic()).getKeyIdentifier();
      builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(own));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(own));
      return new CertificateAuthority(
          new Issued(signed(builder, keys.getPrivate()), keys.getPrivate()));
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a certificate bears this authority's name and signature. */
  boolean hasSigned(X509Certificate other) {
    return isSignedBy(other, certificate());
  }

  static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name subject, PublicKey key, Instant now, Instant end) {
    Instant start = now.minus(EARLIER);
    Instant earliest = certificate().getNotBefore().toInstant();
    return new JcaX509v3CertificateBuilder(
        name(),
        newSerial(),
        Date.from(start.isBefore(earliest) ? earliest : start),
        Date.from(end),
        subject,
        key);
  }

  /** All but those that tell of the key and of who has signed. */
  private static void copyExtensions(X509Certificate from, JcaX509v3CertificateBuilder to)
      throws CertIOException {
    try {
      Extensions all = new JcaX509CertificateHolder(from).getExtensions();
      for (ASN1ObjectIdentifier type :
          all == null ? new ASN1ObjectIdentifier[0] : all.getExtensionOIDs()) {
        if (!type.equals(Extension.subjectKeyIdentifier)
            && !type.equals(Extension.authorityKeyIdentifier)) {
          to.addExtension(all.getExtension(type));
        }
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Signs the list of what is revoked.
   *
   * @param number greater than that of every earlier list
   * @param days until the next list is due
   */
  X509CRLHolder revocationList(Index index, BigInteger number, int days, Instant now) {
    X509v2CRLBuilder builder = new X509v2CRLBuilder(name(), Date.from(now));
    builder.setNextUpdate(Date.from(now.plus(days, ChronoUnit.DAYS)));
    for (Index.Entry entry : index.revoked()) {
      Date at = Date.from(entry.revokedAt().orElseThrow());
      builder.addCRLEntry(entry.serial(), at, entry.reason());
    }
    try {
      builder.addExtension(Extension.authorityKeyIdentifier, false, authorityKeyIdentifier());
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
      return builder.build(signer(issued.key()));
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X500Name name() {
    return X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
  }

  /** 126 random bits. */
  static BigInteger newSerial() {
    return new BigInteger(127, RANDOM).setBit(126);
  }

  /** What the certificate itself says: another program may have chosen it in another way. */
  private AuthorityKeyIdentifier authorityKeyIdentifier() {
    try {
      SubjectKeyIdentifier own =
          SubjectKeyIdentifier.fromExtensions(
              new JcaX509CertificateHolder(certificate()).getExtensions());
      return new AuthorityKeyIdentifier(
          (own == null ? subjectKeyIdentifier(certificate().getPublicKey()) : own)
              .getKeyIdentifier());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  static SubjectKeyIdentifier subjectKeyIdentifier(PublicKey key) {
    try {
      return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(key)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ContentSigner signer(PrivateKey key) {
    try {
      return new JcaContentSignerBuilder(KeyType.signatureAlgorithm(key)).build(key);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
