package io.mysqltlsproxy.pem;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * Reads a certificate as the JDK does, and by Bouncy Castle what the JDK refuses although OpenSSL
 * takes it: an empty subject with alternative names that are not critical, for one.
 */
public final class CertificateReader {
  private CertificateReader() {}

  /**
   * Reads one.
   *
   * @param der the whole certificate
   * @throws CertificateException where it is damaged
   */
  public static X509Certificate read(byte[] der) throws CertificateException {
    try {
      return read(CertificateFactory.getInstance("X.509"), der);
    } catch (CertificateException refused) {
      try {
        return read(CertificateFactory.getInstance("X.509", BouncyCastle.provider()), der);
      } catch (RuntimeException damaged) {
        throw new CertificateException("damaged", damaged);
      }
    }
  }

  private static X509Certificate read(CertificateFactory factory, byte[] der)
      throws CertificateException {
    var read = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    if (read == null) {
      throw new CertificateException("no certificate");
    }
    return read;
  }
}
