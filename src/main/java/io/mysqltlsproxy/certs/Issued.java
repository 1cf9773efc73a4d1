package io.mysqltlsproxy.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate and its key. */
public record Issued(X509Certificate certificate, PrivateKey key) {

  /** The owner's name. */
  public SubjectName subject() {
    return SubjectName.of(certificate.getSubjectX500Principal());
  }

  /** The CA's name. */
  SubjectName issuer() {
    return SubjectName.of(certificate.getIssuerX500Principal());
  }

  String certificatePem() {
    return Pem.text(certificate);
  }

  /** PKCS#8, not encrypted. */
  String keyPem() {
    return Pem.text(new PemObject("PRIVATE KEY", key.getEncoded()));
  }
}
