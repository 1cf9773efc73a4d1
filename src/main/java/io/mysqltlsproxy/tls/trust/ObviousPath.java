package io.mysqltlsproxy.tls.trust;

import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one path that OpenSSL looks at: by names and key identifiers, at each step the first issuer
 * that is trusted, else the first that was sent. Where no path is good, what is wrong with this one
 * is what the client and the operator are told.
 *
 * @param certificates the client's first, as far as they lead
 * @param problem null where the last is trusted and self-signed
 */
record ObviousPath(List<PathCertificate> certificates, @Nullable CertificateException problem) {
  private static final int MAX_LENGTH = 16;

  ObviousPath {
    certificates = List.copyOf(certificates);
  }

  /**
   * Follows the names.
   *
   * @param sent by the client, its own certificate first
   * @param order of issuers that are equally good by name
   */
  static ObviousPath of(
      TrustedAuthorities authorities,
      Purpose purpose,
      List<PathCertificate> sent,
      Comparator<PathCertificate> order) {
    List<PathCertificate> path = new ArrayList<>(List.of(sent.get(0)));
    boolean trusted = false;
    while (path.size() <= MAX_LENGTH) {
      PathCertificate top = path.get(path.size() - 1);
      if (top.isSelfSigned()) {
        return new ObviousPath(path, authorities.contains(top) ? null : selfSigned(top));
      }
      Optional<PathCertificate> next = first(authorities.named(top.issuer()), top, path, order);
      if (next.isPresent()) {
        trusted = true;
      } else if (!trusted) {
        next = first(sent, top, path, order);
      }
      if (next.isEmpty()) {
        return new ObviousPath(path, noIssuer(top, purpose, authorities));
      }
      path.add(next.get());
    }
    return new ObviousPath(path, tooLong(sent.get(0)));
  }

  /**
   * The path, where it ends at a trusted certificate.
   *
   * @throws CertificateException where it does not
   */
  CertificatePath complete() throws CertificateException {
    if (problem != null) {
      throw problem;
    }
    return new CertificatePath(certificates);
  }

  private static CertificateException selfSigned(PathCertificate top) {
    return Refusal.SELF_SIGNED.because(top + " is self-signed and not in --ssl-ca");
  }

  private static CertificateException tooLong(PathCertificate own) {
    return Refusal.CHAIN_TOO_LONG.because(
        "the path of " + own + " is longer than " + MAX_LENGTH + " certificates");
  }

  private static Optional<PathCertificate> first(
      List<PathCertificate> candidates,
      PathCertificate certificate,
      List<PathCertificate> path,
      Comparator<PathCertificate> order) {
    return candidates.stream()
        .filter(issuer -> issuer.mayHaveIssued(certificate))
        .filter(issuer -> !path.contains(issuer))
        .sorted(order)
        .filter(issuer -> !issuer.key().isDamaged())
        .findFirst();
  }

  private static CertificateException noIssuer(
      PathCertificate certificate, Purpose purpose, TrustedAuthorities authorities) {
    List<PathCertificate> namesakes = authorities.named(certificate.issuer());
    Optional<String> damage =
        Stream.concat(Stream.of(certificate), namesakes.stream())
            .flatMap(each -> each.damage().stream())
            .findFirst();
    if (damage.isPresent()) {
      return Refusal.UNKNOWN_ISSUER.because(damage.get());
    }
    String issuer = certificate.issuerName();
    return Refusal.UNKNOWN_ISSUER.because(
        namesakes.isEmpty()
            ? certificate
                + " is signed by "
                + issuer
                + ", which is neither in --ssl-ca nor sent by the "
                + purpose.peer()
            : certificate
                + " was not signed by the "
                + issuer
                + " of --ssl-ca but by another of that name");
  }
}
