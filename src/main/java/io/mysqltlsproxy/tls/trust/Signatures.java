package io.mysqltlsproxy.tls.trust;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;

/** Who signed a certificate of the operator's own files, by whatever key. */
public final class Signatures {
  /** In bits: a larger one would keep a reader waiting. */
  private static final int MAX_EXPONENT_LENGTH = 33;

  private static final int MAX_MODULUS_LENGTH = 16_384;

  private Signatures() {}

  /** Whether the signature is right, and not made with a key of absurd size. */
  public static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
    if (key instanceof RSAPublicKey rsa
        && (rsa.getPublicExponent().bitLength() > MAX_EXPONENT_LENGTH
            || rsa.getModulus().bitLength() > MAX_MODULUS_LENGTH)) {
      return false;
    }
    try {
      certificate.verify(key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  public static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
        && isSignedBy(certificate, certificate.getPublicKey());
  }
}
