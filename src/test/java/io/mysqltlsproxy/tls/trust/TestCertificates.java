package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.UnusableFileException;
import java.security.cert.CertificateException;

/** Certificates and CRLs of which a test knows that they can be read. */
final class TestCertificates {
  private TestCertificates() {}

  static PathCertificate read(byte[] der) {
    try {
      return PathCertificate.read(der);
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  static Crl crl(byte[] der) {
    try {
      return Crl.read(der);
    } catch (UnusableFileException e) {
      throw new IllegalStateException(e);
    }
  }
}
