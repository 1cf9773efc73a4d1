package io.mysqltlsproxy.tls.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Whether certificates may serve a TLS client (OpenSSL's purpose {@code sslclient}). */
public final class ClientPurpose {
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_AGREEMENT = 4;

  private ClientPurpose() {}

  /** ValueParsers the client's certificate and the extended key usage of the intermediates. */
  static void check(CertificateChains.Chain chain) throws CertificateException {
    X509Certificate own = chain.certificate();
    // Java 17 answers for a certificate without the extension by way of two exceptions.
    boolean[] usage = own.getExtensionValue(KEY_USAGE) == null ? null : own.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[KEY_AGREEMENT]) {
      throw refusal(own, "its key usage lacks digitalSignature");
    }
    for (X509Certificate certificate : chain.belowRoot()) {
      List<String> purposes = certificate.getExtendedKeyUsage();
      if (purposes != null && !purposes.contains(CLIENT_AUTH) && !purposes.contains(ANY)) {
        throw refusal(certificate, "its extended key usage lacks clientAuth");
      }
    }
  }

  private static CertificateException refusal(X509Certificate certificate, String why) {
    return Refusal.INVALID_PURPOSE.because(
        CertificateNames.described(certificate) + " is not for a client: " + why);
  }
}
