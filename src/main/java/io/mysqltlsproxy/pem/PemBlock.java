package io.mysqltlsproxy.pem;

import java.util.Set;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A block of a PEM file.
 *
 * @param line of its BEGIN, the file's first being 1
 */
public record PemBlock(int line, PemObject object) {
  private static final Set<String> CERTIFICATE =
      Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

  /** That may be in a file of certificates or CRLs, and is nothing that could be missed there. */
  private static final Set<String> COMPANIONS =
      Set.of(
          "PUBLIC KEY",
          "RSA PUBLIC KEY",
          "EC PARAMETERS",
          "DH PARAMETERS",
          "X9.42 DH PARAMETERS",
          "DSA PARAMETERS",
          "CERTIFICATE REQUEST",
          "NEW CERTIFICATE REQUEST");

  /** What stands between BEGIN and the dashes. */
  public String type() {
    return object.getType();
  }

  boolean isCertificate() {
    return CERTIFICATE.contains(type());
  }

  boolean isCrl() {
    return type().equals("X509 CRL");
  }

  boolean isKey() {
    return type().endsWith("PRIVATE KEY");
  }

  /** Whether it can be passed over without a word. */
  boolean isCompanion() {
    return isKey() || COMPANIONS.contains(type());
  }

  /** For a message: {@code a certificate}. */
  String description() {
    if (isCertificate()) {
      return "a certificate";
    }
    return isKey() ? "a private key" : type();
  }

  /** Why a file with this block cannot be used. */
  UnusableFileException because(String reason, String hint) {
    return new UnusableFileException("line " + line + ": " + reason, hint);
  }
}
