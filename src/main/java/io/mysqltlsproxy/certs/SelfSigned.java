package io.mysqltlsproxy.certs;

import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * A certificate for a proxy that was given none. It is signed with its own key, so a client can
 * trust it only by its fingerprint, or by what the server stores of the client's password.
 */
public final class SelfSigned {
  /** Some clients reject a certificate that is valid for longer. */
  private static final int DAYS = 397;

  /** How long before its end another one is made. */
  private static final Duration AHEAD = Duration.ofDays(30);

  private static final String COMMON_NAME = "mysql-tls-proxy";
  private static final String NAMES = "DNS:localhost,IP:127.0.0.1,IP:::1";

  private SelfSigned() {}

  /**
   * Makes one with a key on P-256 that is valid for 397 days.
   *
   * <p>It has no keyUsage: OpenSSL 1.1.1 takes it for signed by itself only with keyCertSign, which
   * RFC 5280 allows to CAs alone.
   */
  public static Issued create(Instant now) {
    KeyPair keys = KeyType.EC_P256.kind().generate();
    try {
      SubjectName subject = SubjectName.ofCommonName(COMMON_NAME);
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              subject.name(),
              CertificateAuthority.newSerial(),
              Date.from(now.minus(CertificateAuthority.EARLIER)),
              Date.from(now.plus(DAYS, ChronoUnit.DAYS)),
              subject.name(),
              keys.getPublic());
      SubjectKeyIdentifier own = CertificateAuthority.subjectKeyIdentifier(keys.getPublic());
      builder.addExtension(Extension.subjectKeyIdentifier, false, own);
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(own.getKeyIdentifier()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(id_kp_serverAuth));
      builder.addExtension(
          Extension.subjectAlternativeName, false, AlternativeNames.parse(NAMES).encoded());
      return new Issued(CertificateAuthority.signed(builder, keys.getPrivate()), keys.getPrivate());
    } catch (CertIOException | InvalidValueException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From when on another one is to be made. */
  public static Instant renewal(Instant end) {
    return end.minus(AHEAD);
  }

  /**
   * Writes certificate and key into one file of mode 0600, so that nobody ever reads one without
   * the other; what is there is replaced.
   *
   * @throws CertsException when it cannot be written; then all is as it was
   */
  public static void write(Path directory, String name, Issued issued) throws CertsException {
    new FileSet(directory)
        .updateSecret(directory.resolve(name), issued.certificatePem() + issued.keyPem())
        .write(true);
  }
}
