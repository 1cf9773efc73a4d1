package io.mysqltlsproxy.check;

import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.Signatures;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** Whether the certificate may serve a TLS server. */
final class PurposeCheck {
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0;

  private PurposeCheck() {}

  static void run(X509Certificate own, Findings findings) {
    String name = CertificateNames.described(own);
    List<String> purposes;
    try {
      purposes = own.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      findings.wrong(
          Item.PURPOSE,
          "the extendedKeyUsage of " + name + " cannot be read",
          "request the certificate again");
      return;
    }
    if (purposes != null && !purposes.contains(SERVER_AUTH) && !purposes.contains(ANY)) {
      findings.wrong(
          Item.PURPOSE,
          name + " is not for a server: its extendedKeyUsage lacks serverAuth",
          "let the CA sign it again with extendedKeyUsage=serverAuth");
    }
    boolean[] usage = own.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      findings.wrong(
          Item.PURPOSE,
          name + " must not sign a handshake: its keyUsage lacks digitalSignature",
          "let the CA sign it again with keyUsage=digitalSignature");
    }
    if (own.getBasicConstraints() >= 0 && !Signatures.isSelfSigned(own)) {
      findings.warning(
          Item.PURPOSE,
          name + " is a CA: anyone who steals the server's key can sign certificates",
          "let the CA sign it again with basicConstraints=CA:FALSE");
    }
    findings.okUnlessFound(Item.PURPOSE, name + " may be used for a server");
  }
}
