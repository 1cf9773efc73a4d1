package io.mysqltlsproxy.tls.trust;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;

/**
 * Why a peer's certificate is refused, with OpenSSL's <a
 * href="https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/">error code</a>, from which
 * BoringSSL makes the alert. What is not yet valid has the code of a bad date (13 and 15), since
 * for 9 and 11 BoringSSL would say {@code certificate_expired}, where OpenSSL says {@code
 * bad_certificate}. What OpenSSL finds too weak (66 to 68) has the code of a rejection, of the same
 * alert: BoringSSL means something else by those numbers. The numbers stand here because Netty's
 * constants need the native library.
 */
public enum Refusal {
  NO_CRL(3),
  SIGNATURE(7),
  CRL_SIGNATURE(8),
  EXPIRED(10),
  CRL_STALE(12),
  NOT_YET_VALID(13),
  CRL_NOT_YET_VALID(15),
  SELF_SIGNED(18),
  UNKNOWN_ISSUER(20),
  CHAIN_TOO_LONG(22),
  REVOKED(23),
  INVALID_CA(24),
  PATH_LENGTH_EXCEEDED(25),
  INVALID_PURPOSE(26),
  REJECTED(28),
  KEY_TOO_WEAK(28),
  SIGNATURE_TOO_WEAK(28),
  CRITICAL_EXTENSION(34),
  ISSUER_MAY_NOT_SIGN_CRL(35),
  CRL_EXTENSION(36),
  CRL_SCOPE(44),
  NAME_NOT_PERMITTED(47),
  NAME_EXCLUDED(48),
  NAME_CONSTRAINT(49),
  NAME_SYNTAX(53),
  HOST_NAME(62);

  private final int code;

  Refusal(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  public CertificateException because(String message) {
    return new OpenSslCertificateException(message, code);
  }

  CertificateException because(String message, Throwable cause) {
    return new OpenSslCertificateException(message, cause, code);
  }
}
