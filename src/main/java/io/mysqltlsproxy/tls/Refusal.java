package io.mysqltlsproxy.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;

/**
 * Why a client's certificate is refused, with OpenSSL's <a
 * href="https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/">error code</a>, from which
 * BoringSSL makes the alert. The numbers stand here because Netty's constants need the native
 * library.
 */
enum Refusal {
  NOT_YET_VALID(9),
  EXPIRED(10),
  SELF_SIGNED(18),
  UNKNOWN_ISSUER(20),
  CHAIN_TOO_LONG(22),
  INVALID_CA(24),
  PATH_LENGTH_EXCEEDED(25),
  INVALID_PURPOSE(26),
  REJECTED(28);

  private final int code;

  Refusal(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  CertificateException because(String message) {
    return new OpenSslCertificateException(message, code);
  }
}
