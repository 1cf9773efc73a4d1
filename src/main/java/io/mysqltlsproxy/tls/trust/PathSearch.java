package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.ProvedSignatures.Link;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One search for the path of one peer's certificates.
 *
 * <p>Names and key identifiers say who may have issued what, at no cost. Signatures are checked
 * from the trusted end on: a key that a client sent is used only once an authority's signature has
 * proved it. Then every path of proved certificates is held to the rules, until one is good. So a
 * path is found where there is one, in whatever order the files and the client have the
 * certificates; the number of steps is bounded, and so is the time for signatures that turn out
 * bad.
 */
final class PathSearch {
  /** Certificates of a path. */
  private static final int MAX_LENGTH = 16;

  private static final int MAX_STEPS = 500;

  /**
   * In all, for signatures that turn out bad: beyond, what was not proved is not good. Enough for
   * twelve authorities of one name with RSA keys of 2048 bits, or six on P-256; OpenSSL tries one.
   */
  private static final int MAX_WASTED_MICROS = 1100;

  /** For the first two: there may be two keys of one name, and one of them slow. */
  private static final int MAX_WASTED_MICROS_OF_TWO = 4000;

  private final TrustedAuthorities authorities;
  private final Purpose purpose;
  private final ProvedSignatures signatures;
  private final Instant now;
  private final List<PathCertificate> sent;
  private final PathCertificate own;
  private final Set<PathCertificate> proved = new LinkedHashSet<>();
  private final Map<Link, Boolean> links = new HashMap<>();
  private final Comparator<PathCertificate> order;
  private int wasted;
  private int wastedMicros;
  private int steps;

  /**
   * Prepares a search.
   *
   * @param sent by the client, its own certificate first
   */
  PathSearch(
      TrustedAuthorities authorities,
      Purpose purpose,
      ProvedSignatures signatures,
      List<PathCertificate> sent,
      Instant now) {
    this.authorities = authorities;
    this.purpose = purpose;
    this.signatures = signatures;
    this.now = now;
    own = sent.get(0);
    this.sent = sent;
    order = PathCertificate.livingFirst(now);
  }

  /** What is asked of a path besides its own rules: CRLs. */
  interface Revocations {
    void check(CertificatePath path) throws CertificateException;
  }

  /**
   * Finds a good path.
   *
   * @throws CertificateException where there is none: what OpenSSL says of the one that it sees
   */
  CertificatePath find(Revocations revocations) throws CertificateException {
    PathRules.Proof proof = proof(revocations);
    CertificatePath good = own.isSelfSigned() ? itself(proof) : search(proof);
    if (good != null) {
      return good;
    }
    PathRules.check(
        ObviousPath.of(authorities, purpose, sent, order).complete(), purpose, now, proof);
    throw Refusal.REJECTED.because(
        own + " has more possible issuers than can be tried: send only its own intermediates");
  }

  private PathRules.Proof proof(Revocations revocations) {
    return new PathRules.Proof() {
      @Override
      public boolean isSigned(CertificatePath path, int index) {
        return isProved(path.get(index + 1), path.get(index));
      }

      @Override
      public void checkRevocation(CertificatePath path) throws CertificateException {
        revocations.check(path);
      }
    };
  }

  /** Proves no more than the first path needs, and all that can be proved where it is not good. */
  private @Nullable CertificatePath search(PathRules.Proof proof) {
    List<PathCertificate> unproved = new ArrayList<>(above());
    unproved.removeIf(PathCertificate::isSelfSigned); // such a one leads nowhere but to itself
    boolean more = true;
    while (more && !proved.contains(own)) {
      more = provesOneMore(unproved);
    }
    CertificatePath good = extend(proof);
    if (good != null || !more || !provesOneMore(unproved)) {
      return good;
    }
    while (more) {
      more = provesOneMore(unproved);
    }
    return extend(proof);
  }

  /** The nearest to the client's own first: what nothing asks for costs nothing. */
  private boolean provesOneMore(List<PathCertificate> unproved) {
    for (PathCertificate each : unproved) {
      if (isProvedByAnybody(each)) {
        unproved.remove(each);
        return true;
      }
    }
    return false;
  }

  /** The client's own and those that may be above it. */
  private Set<PathCertificate> above() {
    Set<PathCertificate> reached = new LinkedHashSet<>(List.of(own));
    List<PathCertificate> next = List.of(own);
    while (!next.isEmpty()) {
      List<PathCertificate> from = next;
      next =
          sent.stream()
              .filter(each -> !reached.contains(each))
              .filter(each -> from.stream().anyMatch(each::mayHaveIssued))
              .distinct()
              .toList();
      reached.addAll(next);
    }
    return reached;
  }

  private boolean isProvedByAnybody(PathCertificate certificate) {
    for (PathCertificate issuer : issuers(authorities.named(certificate.issuer()), certificate)) {
      if (isProved(issuer, certificate)) {
        proved.add(certificate);
        return true;
      }
    }
    for (PathCertificate issuer : issuers(List.copyOf(proved), certificate)) {
      if (isProved(issuer, certificate)) {
        proved.add(certificate);
        return true;
      }
    }
    return false;
  }

  /** Whether a trusted or proved certificate has signed the other; false for all other issuers. */
  private boolean isProved(PathCertificate issuer, PathCertificate certificate) {
    if (!authorities.contains(issuer) && !proved.contains(issuer)) {
      return false;
    }
    if (issuer.key().problem() != null) {
      return false;
    }
    return links.computeIfAbsent(new Link(issuer.key(), certificate), this::isGood);
  }

  private boolean isGood(Link link) {
    if (signatures.contains(link)) {
      return true;
    }
    int micros = link.issuersKey().micros();
    int most = wasted < 2 ? MAX_WASTED_MICROS_OF_TWO : MAX_WASTED_MICROS;
    if (wasted > 0 && wastedMicros + micros > most) {
      return false;
    }
    if (link.certificate().isSignedBy(link.issuersKey())) {
      signatures.add(link);
      return true;
    }
    wasted++;
    wastedMicros += micros;
    return false;
  }

  /** A certificate that has no issuer but itself must be the trusted one, to the byte. */
  private @Nullable CertificatePath itself(PathRules.Proof proof) {
    return authorities.contains(own) ? ifGood(List.of(own), proof) : null;
  }

  private @Nullable CertificatePath extend(PathRules.Proof proof) {
    return extend(new ArrayList<>(List.of(own)), false, proof);
  }

  private @Nullable CertificatePath extend(
      List<PathCertificate> path, boolean trusted, PathRules.Proof proof) {
    PathCertificate top = path.get(path.size() - 1);
    if (trusted && top.isSelfSigned()) {
      return ifGood(path, proof);
    }
    if (path.size() == MAX_LENGTH) {
      return null;
    }
    CertificatePath good = extend(path, authorities.named(top.issuer()), true, proof);
    return good != null || trusted || top.isSelfSigned()
        ? good
        : extend(path, List.copyOf(proved), false, proof);
  }

  private @Nullable CertificatePath extend(
      List<PathCertificate> path,
      List<PathCertificate> candidates,
      boolean trusted,
      PathRules.Proof proof) {
    PathCertificate top = path.get(path.size() - 1);
    for (PathCertificate issuer : issuers(candidates, top)) {
      steps++;
      if (steps > MAX_STEPS) {
        return null;
      }
      if (path.contains(issuer) || !isProved(issuer, top)) {
        continue;
      }
      path.add(issuer);
      CertificatePath good = extend(path, trusted, proof);
      if (good != null) {
        return good;
      }
      path.remove(path.size() - 1);
    }
    return null;
  }

  private List<PathCertificate> issuers(
      List<PathCertificate> candidates, PathCertificate certificate) {
    return candidates.stream()
        .filter(issuer -> issuer.mayHaveIssued(certificate))
        .sorted(order)
        .toList();
  }

  private @Nullable CertificatePath ifGood(
      List<PathCertificate> certificates, PathRules.Proof proof) {
    CertificatePath path = new CertificatePath(certificates);
    try {
      PathRules.check(path, purpose, now, proof);
      return path;
    } catch (CertificateException e) {
      return null;
    }
  }
}
