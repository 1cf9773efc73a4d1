package io.mysqltlsproxy.testing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate being described; {@link #issue} signs it. */
public final class CertificateRequest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String subject;
  private final @Nullable CertificateAuthority issuer;
  private final List<KeyPurposeId> purposes = new ArrayList<>();
  private final List<GeneralName> alternativeNames = new ArrayList<>();
  private KeyPair keys;
  private Instant notBefore = Instant.now().minus(Duration.ofHours(1));
  private Instant notAfter = Instant.now().plus(Duration.ofDays(365));
  private boolean authority;
  private @Nullable Integer keyUsage;

  /** A certificate that signs itself and is no authority; by default with an EC key. */
  public static CertificateRequest selfSigned(String subject) {
    return new CertificateRequest(subject, KeyType.EC.generate(), null);
  }

  CertificateRequest(String subject, KeyPair keys, @Nullable CertificateAuthority issuer) {
    this.subject = subject;
    this.keys = keys;
    this.issuer = issuer;
  }

  public CertificateRequest key(KeyType type) {
    keys = type.generate();
    return this;
  }

  public CertificateRequest key(KeyPair pair) {
    keys = pair;
    return this;
  }

  public CertificateRequest valid(Instant from, Instant to) {
    notBefore = from;
    notAfter = to;
    return this;
  }

  /** Valid until an hour ago. */
  public CertificateRequest expired() {
    Instant now = Instant.now();
    return valid(now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(1)));
  }

  /** Valid from tomorrow. */
  public CertificateRequest notYetValid() {
    Instant now = Instant.now();
    return valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)));
  }

  public CertificateRequest dns(String... names) {
    return alternative(GeneralName.dNSName, names);
  }

  public CertificateRequest ip(String... addresses) {
    return alternative(GeneralName.iPAddress, addresses);
  }

  public CertificateRequest uri(String... uris) {
    return alternative(GeneralName.uniformResourceIdentifier, uris);
  }

  public CertificateRequest email(String... addresses) {
    return alternative(GeneralName.rfc822Name, addresses);
  }

  public CertificateRequest extendedKeyUsage(KeyPurposeId... ids) {
    purposes.addAll(List.of(ids));
    return this;
  }

  /**
   * Bits of {@link KeyUsage}; without this call an authority signs certificates and CRLs, and
   * another certificate has no such extension.
   */
  public CertificateRequest keyUsage(int bits) {
    keyUsage = bits;
    return this;
  }

  CertificateRequest authority() {
    authority = true;
    return this;
  }

  /** Issues it as an authority that signs further certificates. */
  public CertificateAuthority asIntermediate() {
    return CertificateAuthority.of(authority().issue());
  }

  /** Signs it: by the authority, or by itself where there is none. */
  public Issued issue() {
    try {
      X509Certificate certificate = sign();
      return new Issued(keys, issuer == null ? List.of(certificate) : issuer.chainFor(certificate));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("no certificate for " + subject, e);
    }
  }

  private CertificateRequest alternative(int kind, String... names) {
    for (String name : names) {
      alternativeNames.add(new GeneralName(kind, name));
    }
    return this;
  }

  private X509Certificate sign()
      throws GeneralSecurityException, OperatorCreationException, CertIOException {
    KeyPair signer = issuer == null ? keys : issuer.issued().keys();
    X500Name issuerName =
        issuer == null
            ? new X500Name(subject)
            : X500Name.getInstance(
                issuer.issued().certificate().getSubjectX500Principal().getEncoded());
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuerName,
            new BigInteger(127, RANDOM).setBit(126),
            Date.from(notBefore),
            Date.from(notAfter),
            new X500Name(subject),
            keys.getPublic());
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(keys.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(signer.getPublic()));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (keyUsage != null) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
    } else if (authority) {
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }
    if (!purposes.isEmpty()) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    }
    if (!alternativeNames.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(alternativeNames.toArray(GeneralName[]::new)));
    }
    String algorithm = KeyType.signatureAlgorithm(signer.getPublic());
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
  }
}
