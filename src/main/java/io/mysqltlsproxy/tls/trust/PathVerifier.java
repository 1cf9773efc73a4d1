package io.mysqltlsproxy.tls.trust;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a peer's certificate as OpenSSL does: a path by way of intermediates that the CA files
 * hold or the peer sends, up to a self-signed certificate of the CA files, every certificate of it
 * valid today, and for the peer's use. {@link PathSearch} finds it.
 */
final class PathVerifier {
  private final TrustedAuthorities authorities;
  private final Purpose purpose;
  private final Optional<Revocation> revocation;
  private final InstantSource clock;
  private final ProvedSignatures signatures = new ProvedSignatures();
  private final VerifiedPaths verified = new VerifiedPaths();

  /**
   * A verifier.
   *
   * @param clock by which certificates and CRLs are valid, expired or stale
   */
  PathVerifier(
      TrustedAuthorities authorities,
      Purpose purpose,
      Optional<Revocation> revocation,
      InstantSource clock) {
    this.authorities = authorities;
    this.purpose = purpose;
    this.revocation = revocation;
    this.clock = clock;
  }

  /**
   * The path of what the peer sent, its own certificate first.
   *
   * @param standard of what is known about revocation
   * @throws CertificateException where there is none
   */
  CertificatePath path(X509Certificate[] sent, Revocation.Standard standard)
      throws CertificateException {
    Instant now = clock.instant();
    ByteBuffer key = VerifiedPaths.key(sent);
    Optional<CertificatePath> known = verified.get(key);
    if (known.isPresent() && isStillGood(known.get(), now, standard)) {
      return known.get();
    }
    List<PathCertificate> read = SentCertificates.read(sent, purpose);
    CertificatePath path =
        new PathSearch(authorities, purpose, signatures, read, now)
            .find(candidate -> checkRevocation(candidate, standard, now));
    verified.put(key, path);
    return path;
  }

  private boolean isStillGood(CertificatePath path, Instant now, Revocation.Standard standard) {
    try {
      PathRules.checkDates(path, now);
      checkRevocation(path, standard, now);
      return true;
    } catch (CertificateException e) {
      return false; // another path may be good, and if none is, the search says why
    }
  }

  private void checkRevocation(CertificatePath path, Revocation.Standard standard, Instant now)
      throws CertificateException {
    if (revocation.isPresent()) {
      revocation.get().check(path, standard, now);
    }
  }

  /** The authorities that a path may end with. */
  X509Certificate[] acceptedIssuers() {
    return authorities.all().toArray(X509Certificate[]::new);
  }
}
