package io.mysqltlsproxy.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** Whether a certificate is valid now. */
final class Validity {
  private Validity() {}

  static void check(X509Certificate certificate) throws CertificateException {
    Instant now = Instant.now();
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    if (now.isAfter(to)) {
      throw new OpenSslCertificateException(
          CertificateNames.described(certificate) + " expired at " + to,
          CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED);
    }
    if (now.isBefore(from)) {
      throw new OpenSslCertificateException(
          CertificateNames.described(certificate) + " is not valid before " + from,
          CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID);
    }
  }
}
