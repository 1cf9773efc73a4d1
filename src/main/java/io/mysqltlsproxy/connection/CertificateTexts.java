package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.name.AlternativeName;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.security.cert.X509Certificate;

/**
 * What the audit line and the server are told of a client's certificate.
 *
 * @param subject RFC 4514
 * @param issuer RFC 4514
 * @param san the alternative names, as a rule's {@code SAN} takes each of them
 * @param serial in hexadecimal
 * @param fingerprint as a rule's {@code FINGERPRINT} takes it
 */
record CertificateTexts(
    String subject, String issuer, String san, String serial, String fingerprint) {

  static CertificateTexts of(X509Certificate certificate) {
    return new CertificateTexts(
        certificate.getSubjectX500Principal().getName(),
        certificate.getIssuerX500Principal().getName(),
        AlternativeName.allOf(certificate),
        certificate.getSerialNumber().toString(16),
        CertificateNames.fingerprint(certificate));
  }
}
