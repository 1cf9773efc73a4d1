package io.mysqltlsproxy.tls.trust;

import static io.mysqltlsproxy.tls.trust.CertificateExtensions.KEY_CERT_SIGN;
import static io.mysqltlsproxy.tls.trust.CertificateExtensions.NETSCAPE_ANY_CA;
import static io.mysqltlsproxy.tls.trust.CertificateExtensions.NETSCAPE_TLS_CA;

import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.x509.BasicConstraints;

/**
 * What OpenSSL asks of a path for a {@link Purpose}, in its order, from which it follows what the
 * peer is told where several things are wrong. The trusted end is held to the rules, too.
 */
final class PathRules {
  /** Whether a certificate was signed by the one above it, and what CRLs say. */
  interface Proof {
    /** Whether the signature of the certificate at this index has been found good. */
    boolean isSigned(CertificatePath path, int index);

    /**
     * Looks for the certificates in CRLs.
     *
     * @throws CertificateException where one is revoked, or nobody knows
     */
    void checkRevocation(CertificatePath path) throws CertificateException;
  }

  private final CertificatePath path;
  private final Instant now;

  private PathRules(CertificatePath path, Instant now) {
    this.path = path;
    this.now = now;
  }

  /** Holds a path to all rules. */
  static void check(CertificatePath path, Purpose purpose, Instant now, Proof proof)
      throws CertificateException {
    PathRules rules = new PathRules(path, now);
    rules.checkExtensions(purpose);
    rules.checkStrength();
    boolean proved = rules.isProved(proof);
    if (proved) {
      proof.checkRevocation(path);
    }
    for (int i = path.size() - 1; i >= 0; i--) {
      if (i < path.size() - 1 && !proof.isSigned(path, i)) {
        throw Refusal.SIGNATURE.because(
            path.get(i)
                + " was not signed with the key of "
                + path.get(i + 1)
                + ": let that authority sign it again, or give its certificate with --ssl-ca");
      }
      rules.checkDates(path.get(i));
    }
    rules.checkNames();
  }

  /** What changes with time. */
  static void checkDates(CertificatePath path, Instant now) throws CertificateException {
    PathRules rules = new PathRules(path, now);
    for (int i = path.size() - 1; i >= 0; i--) {
      rules.checkDates(path.get(i));
    }
  }

  private boolean isProved(Proof proof) {
    for (int i = 0; i < path.size() - 1; i++) {
      if (!proof.isSigned(path, i)) {
        return false;
      }
    }
    return true;
  }

  private void checkExtensions(Purpose purpose) throws CertificateException {
    int below = 0;
    for (int i = 0; i < path.size(); i++) {
      PathCertificate certificate = path.get(i);
      Optional<String> damage = certificate.damage();
      if (damage.isPresent()) {
        throw Refusal.REJECTED.because(damage.get());
      }
      String unknown = certificate.extensions().unknownCritical();
      if (unknown != null) {
        throw Refusal.CRITICAL_EXTENSION.because(
            certificate + " has an extension that is not understood: " + unknown);
      }
      if (i > 0) {
        checkAuthority(certificate, i == path.size() - 1);
      }
      if (path.size() > 1 && certificate.key().hasExplicitParameters()) {
        throw Refusal.KEY_TOO_WEAK.because(certificate + ": " + certificate.key().problem());
      }
      checkPurpose(certificate, purpose, i > 0);
      if (i > 1) {
        checkLength(certificate, below);
      }
      if (i > 0 && !certificate.isSelfIssued()) {
        below++;
      }
    }
  }

  /** Whether it may issue certificates; a root may be older than the extension that says so. */
  private static void checkAuthority(PathCertificate certificate, boolean last)
      throws CertificateException {
    CertificateExtensions extensions = certificate.extensions();
    if (!extensions.allowsKeyUsage(KEY_CERT_SIGN)) {
      throw Refusal.INVALID_CA.because(
          certificate + " is refused as an authority: its key usage lacks keyCertSign");
    }
    BasicConstraints constraints = extensions.basicConstraints();
    boolean authority =
        constraints != null ? constraints.isCA() : last && isOldAuthority(certificate);
    if (!authority) {
      throw Refusal.INVALID_CA.because(
          certificate + " is refused as an authority: its basicConstraints do not say CA:TRUE");
    }
  }

  private static boolean isOldAuthority(PathCertificate certificate) {
    return (certificate.isVersion1() && certificate.isSelfSigned())
        || certificate.extensions().keyUsage() >= 0
        || (certificate.extensions().netscapeType() >= 0
            && (certificate.extensions().netscapeType() & NETSCAPE_ANY_CA) != 0);
  }

  private static void checkPurpose(PathCertificate certificate, Purpose purpose, boolean authority)
      throws CertificateException {
    CertificateExtensions extensions = certificate.extensions();
    String missing = purpose.missingFromPath(extensions);
    if (missing == null && authority) {
      boolean byNetscapeAlone =
          extensions.basicConstraints() == null
              && extensions.keyUsage() < 0
              && !(certificate.isVersion1() && certificate.isSelfSigned());
      if (byNetscapeAlone && (extensions.netscapeType() & NETSCAPE_TLS_CA) == 0) {
        missing = "its nsCertType lacks sslCA";
      }
    } else if (missing == null) {
      missing = purpose.missingFromOwn(extensions);
    }
    if (missing != null) {
      throw Refusal.INVALID_PURPOSE.because(
          certificate + " is not for a " + purpose.peer() + ": " + missing);
    }
  }

  private static void checkLength(PathCertificate certificate, int below)
      throws CertificateException {
    BasicConstraints constraints = certificate.extensions().basicConstraints();
    BigInteger most = constraints == null ? null : constraints.getPathLenConstraint();
    if (most != null && most.compareTo(BigInteger.valueOf(below)) < 0) {
      throw Refusal.PATH_LENGTH_EXCEEDED.because(
          certificate + " allows " + most + " intermediates below it, and there are " + below);
    }
  }

  /** The peer's own key was looked at before there was a path. */
  private void checkStrength() throws CertificateException {
    for (int i = 0; i < path.size(); i++) {
      PathCertificate certificate = path.get(i);
      SubjectKey key = certificate.key();
      String problem = i > 0 || key.hasExplicitParameters() ? key.problemWhenRead() : null;
      if (problem != null) {
        throw Refusal.KEY_TOO_WEAK.because(certificate + ": " + problem);
      }
      if (i < path.size() - 1 && !certificate.signature().strong()) {
        throw Refusal.SIGNATURE_TOO_WEAK.because(
            certificate
                + " has a signature that is too weak: "
                + certificate.signature().name()
                + "; let its issuer sign it again with SHA-256");
      }
    }
  }

  private void checkDates(PathCertificate certificate) throws CertificateException {
    Instant from = certificate.notBefore();
    Instant to = certificate.notAfter();
    if (from == null || to == null) {
      throw Refusal.NOT_YET_VALID.because(certificate + " has a date that cannot be read");
    }
    if (now.isBefore(from)) {
      throw Refusal.NOT_YET_VALID.because(certificate + " is not valid before " + from);
    }
    if (!now.isBefore(to)) {
      throw Refusal.EXPIRED.because(certificate + " expired at " + to);
    }
  }

  /** Each is held to the constraints of all above it; a self-issued one only at the end. */
  private void checkNames() throws CertificateException {
    for (int i = path.size() - 1; i >= 0; i--) {
      if (i > 0 && path.get(i).isSelfIssued()) {
        continue;
      }
      for (int j = path.size() - 1; j > i; j--) {
        NameLimits.check(path.get(i), path.get(j), i == 0);
      }
    }
  }
}
