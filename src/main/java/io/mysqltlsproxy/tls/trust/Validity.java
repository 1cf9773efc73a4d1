package io.mysqltlsproxy.tls.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** Whether a certificate is valid now. */
public final class Validity {
  private Validity() {}

  static void check(X509Certificate certificate) throws CertificateException {
    Instant now = Instant.now();
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    if (now.isAfter(to)) {
      throw Refusal.EXPIRED.because(CertificateNames.described(certificate) + " expired at " + to);
    }
    if (now.isBefore(from)) {
      throw Refusal.NOT_YET_VALID.because(
          CertificateNames.described(certificate) + " is not valid before " + from);
    }
  }
}
