package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.text.Printable;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;

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

  /** {@code CN=laura (serial number 1f, SHA256:FA69…, until 2027-01-01T00:00:00Z)}. */
  public static String identified(X509Certificate certificate) {
    return "%s (serial number %x, %s, until %s)"
        .formatted(
            subject(certificate),
            certificate.getSerialNumber(),
            fingerprint(certificate),
            certificate.getNotAfter().toInstant());
  }

  /** As a rule's {@code FINGERPRINT} takes it: {@code SHA256:FA69…}. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return fingerprint(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a parsed certificate without its encoding", e);
    }
  }

  static String fingerprint(X509CRL crl) {
    try {
      return fingerprint(crl.getEncoded());
    } catch (CRLException e) {
      throw new IllegalStateException("a parsed CRL without its encoding", e);
    }
  }

  private static String fingerprint(byte[] der) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
      return "SHA256:" + HexFormat.of().withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String issuer(X509CRL crl) {
    return show(crl.getIssuerX500Principal());
  }

  public static String issuer(X509Certificate certificate) {
    return show(certificate.getIssuerX500Principal());
  }

  /** A name in quotes, cut where it is long. */
  static String quoted(String name) {
    return Printable.quoted(name);
  }

  static String show(X500Name name) {
    try {
      return show(new X500Principal(name.getEncoded()));
    } catch (IOException | IllegalArgumentException e) {
      return "(a damaged name)";
    }
  }

  /** A name comes from the peer: whatever could break or forge a log line is shown as '?'. */
  private static String show(X500Principal name) {
    String text = name.getName();
    return text.isEmpty() ? "(no name)" : Printable.bounded(text);
  }
}
