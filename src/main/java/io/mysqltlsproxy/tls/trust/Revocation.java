package io.mysqltlsproxy.tls.trust;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import io.mysqltlsproxy.tls.trust.CrlScope.Coverage;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether certificates are revoked, as OpenSSL decides it with {@code X509_V_FLAG_CRL_CHECK} and
 * {@code X509_V_FLAG_CRL_CHECK_ALL}, which mysqld sets: every certificate of the chain, the root
 * too, must be in the scope of a CRL of its issuer that is signed by it and in force.
 */
public final class Revocation {
  private final List<Crl> all;
  private final Map<DistinguishedName, List<Crl>> byIssuer;

  Revocation(Collection<Crl> crls) {
    all = List.copyOf(crls);
    byIssuer = crls.stream().collect(groupingBy(Crl::issuer));
  }

  /** What is said of a certificate. */
  enum Standard {
    /** It must be known not to be revoked. */
    KNOWN_TO_BE_GOOD,
    /** It must not be known to be revoked: CRLs may be missing, or stale. */
    NOT_REVOKED
  }

  List<Crl> all() {
    return all;
  }

  /**
   * Checks a path of which every signature is good.
   *
   * @throws CertificateException for the first certificate that is revoked, or of which nobody
   *     knows
   */
  void check(CertificatePath path, Standard standard, Instant now) throws CertificateException {
    for (int i = 0; i < path.size(); i++) {
      check(path.get(i), above(path, i), standard, now);
    }
  }

  /** The lists by which the certificates of a path are judged, one for each. */
  List<Optional<Crl>> listsOf(CertificatePath path, Instant now) {
    List<Optional<Crl>> lists = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      lists.add(Optional.ofNullable(best(path.get(i), above(path, i), now)).map(Found::crl));
    }
    return lists;
  }

  private static List<PathCertificate> above(CertificatePath path, int index) {
    return path.certificates().subList(Math.min(index + 1, path.size() - 1), path.size());
  }

  /**
   * A list and whose it is.
   *
   * @param authority whose key must have signed it
   */
  private record Found(Crl crl, PathCertificate authority) {
    boolean isSigned() {
      return crl.isSignedBy(authority);
    }

    Coverage coverage(PathCertificate certificate) {
      return crl.coverage(certificate);
    }
  }

  private void check(
      PathCertificate certificate, List<PathCertificate> above, Standard standard, Instant now)
      throws CertificateException {
    Found found = best(certificate, above, now);
    CertificateException unusable = unusable(found, certificate, above.get(0), now);
    if (unusable != null && standard == Standard.KNOWN_TO_BE_GOOD) {
      throw unusable;
    }
    if (found == null || !found.isSigned()) {
      return;
    }
    Instant revokedAt = found.crl().revokedAt(certificate);
    if (revokedAt != null) {
      throw Refusal.REVOKED.because(
          "%s (serial number %x) was revoked at %s"
              .formatted(certificate, certificate.serial(), revokedAt));
    }
    if (standard == Standard.KNOWN_TO_BE_GOOD
        && found.coverage(certificate) == Coverage.SOME_REASONS) {
      boolean others =
          lists(certificate, above)
              .anyMatch(each -> each.coverage(certificate) == Coverage.NOTHING);
      throw (others ? Refusal.CRL_SCOPE : Refusal.NO_CRL)
          .because(
              certificate
                  + " names a CRL for some reasons of revocation only: issue it again with a"
                  + " distribution point for all reasons");
    }
  }

  /**
   * Why each certificate of this authority would be refused for its CRL; empty where that is in
   * order, and where the authority itself cannot be read.
   */
  Optional<String> problemOf(X509Certificate of, Instant now) {
    try {
      PathCertificate authority = PathCertificate.of(of);
      if (authority.damage().isPresent()) {
        return Optional.empty();
      }
      CertificateException unusable =
          unusable(best(authority, List.of(authority), now), authority, authority, now);
      return Optional.ofNullable(unusable).map(CertificateException::getMessage);
    } catch (CertificateException damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  /**
   * The list that says most of a certificate. A list is its issuer's, or that of an authority of
   * the issuer's name further up, as its key identifier says.
   *
   * @param above the issuer first
   */
  private @Nullable Found best(
      PathCertificate certificate, List<PathCertificate> above, Instant now) {
    Comparator<Found> order =
        comparing(Found::isSigned)
            .thenComparing(found -> found.coverage(certificate))
            .thenComparing(found -> found.crl().unknownCriticalExtensions().isEmpty())
            .thenComparing(found -> found.crl().isFresh(now))
            .thenComparing(found -> found.authority().equals(above.get(0)))
            .thenComparing(found -> found.crl().thisUpdate());
    return lists(certificate, above).max(order).orElse(null);
  }

  private Stream<Found> lists(PathCertificate certificate, List<PathCertificate> above) {
    return byIssuer.getOrDefault(certificate.issuer(), List.of()).stream()
        .flatMap(
            crl ->
                above.stream()
                    .filter(crl::namesAsIssuer)
                    .limit(1)
                    .map(authority -> new Found(crl, authority)));
  }

  /** In the order in which OpenSSL looks. */
  private static @Nullable CertificateException unusable(
      @Nullable Found found, PathCertificate certificate, PathCertificate nearest, Instant now) {
    if (found == null) {
      return Refusal.NO_CRL.because(
          "there is no CRL of "
              + nearest.subjectName()
              + ", and once there are CRLs every authority needs one");
    }
    Crl crl = found.crl();
    PathCertificate issuer = found.authority();
    String name = issuer.subjectName();
    if (!issuer.extensions().allowsKeyUsage(CertificateExtensions.CRL_SIGN)) {
      return Refusal.ISSUER_MAY_NOT_SIGN_CRL.because(
          name + " may not sign CRLs: its key usage lacks cRLSign");
    }
    if (found.coverage(certificate) == Coverage.NOTHING) {
      return Refusal.CRL_SCOPE.because(
          "no CRL of "
              + name
              + " speaks of "
              + certificate
              + ": see its issuing distribution point");
    }
    if (now.isBefore(crl.thisUpdate())) {
      return Refusal.CRL_NOT_YET_VALID.because(
          "the CRL of " + name + " is not valid before " + crl.thisUpdate());
    }
    if (!crl.isFresh(now)) {
      return Refusal.CRL_STALE.because(
          "the CRL of " + name + " is stale: the next one was due at " + crl.nextUpdate().get());
    }
    if (!found.isSigned()) {
      return Refusal.CRL_SIGNATURE.because(
          "the CRL of " + name + " is not signed with the key of that authority");
    }
    if (!crl.unknownCriticalExtensions().isEmpty()) {
      return Refusal.CRL_EXTENSION.because(
          "the CRL of "
              + name
              + " has critical extensions that are not understood: "
              + String.join(", ", crl.unknownCriticalExtensions()));
    }
    return null;
  }
}
