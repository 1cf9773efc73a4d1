package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.text.Printable;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import javax.security.auth.x500.X500Principal;

/** Distinguished names for a message: RFC 4514, one line. */
public final class CertificateNames {
  private CertificateNames() {}

  public static String subject(X509Certificate certificate) {
    return show(certificate.getSubjectX500Principal());
  }

  /** {@code the certificate CN=laura}. */
  public static String described(X509Certificate certificate) {
    return "the certificate " + subject(certificate);
  }

  /** {@code CN=laura (serial number 1f, until 2027-01-01T00:00:00Z)}. */
  public static String identified(X509Certificate certificate) {
    return "%s (serial number %x, until %s)"
        .formatted(
            subject(certificate),
            certificate.getSerialNumber(),
            certificate.getNotAfter().toInstant());
  }

  static String issuer(X509CRL crl) {
    return show(crl.getIssuerX500Principal());
  }

  public static String issuer(X509Certificate certificate) {
    return show(certificate.getIssuerX500Principal());
  }

  /** A name comes from the peer: whatever could break or forge a log line is shown as '?'. */
  private static String show(X500Principal name) {
    String text = name.getName();
    return text.isEmpty() ? "(no name)" : Printable.oneLine(text);
  }
}
