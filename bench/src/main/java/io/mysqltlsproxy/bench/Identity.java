package io.mysqltlsproxy.bench;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate and its key. */
record Identity(KeyKind kind, KeyPair keys, X509Certificate certificate) {

  /** An authority that has signed itself. */
  static Identity authority(KeyKind kind) {
    return issue("CN=Example CA", kind, null, null);
  }

  /** What a client shows, signed by an authority of its own. */
  static Identity client(String subject, KeyKind kind) {
    return authority(kind).issue(subject, kind, KeyPurposeId.id_kp_clientAuth);
  }

  Identity issue(String subject, KeyKind kind, KeyPurposeId purpose) {
    return issue(subject, kind, this, purpose);
  }

  private static Identity issue(
      String subject, KeyKind kind, Identity issuer, KeyPurposeId purpose) {
    try {
      KeyPair keys = kind.generate();
      KeyPair signer = issuer == null ? keys : issuer.keys;
      KeyKind signerKind = issuer == null ? kind : issuer.kind;
      X500Name name = new X500Name(subject);
      Instant now = Instant.now();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer == null
                  ? name
                  : new X500Name(issuer.certificate.getSubjectX500Principal().getName()),
              BigInteger.valueOf(now.toEpochMilli()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(1))),
              name,
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
      if (purpose != null) {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      }
      return new Identity(
          kind,
          keys,
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder(signerKind.signature())
                          .build(signer.getPrivate()))));
    } catch (Exception e) {
      throw new IllegalStateException("no certificate for " + subject, e);
    }
  }
}
