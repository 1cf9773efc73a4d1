package io.mysqltlsproxy.tls.trust;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Whether certificates are revoked, as OpenSSL decides it with {@code X509_V_FLAG_CRL_CHECK} and
 * {@code X509_V_FLAG_CRL_CHECK_ALL}, which mysqld sets: every certificate of the chain, the root
 * too, must be in the scope of a CRL of its issuer that is signed by it and in force.
 */
public final class Revocation {
  private static final int CRL_SIGN = 6;

  private final List<Crl> all;
  private final Map<X500Principal, List<Crl>> byIssuer;

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
   * ValueParsers a chain that is valid otherwise.
   *
   * @param chain the client's certificate first, the root last
   */
  void check(List<X509Certificate> chain, Standard standard) throws CertificateException {
    for (int i = 0; i < chain.size(); i++) {
      check(chain.get(i), chain.get(Math.min(i + 1, chain.size() - 1)), standard);
    }
  }

  private void check(X509Certificate certificate, X509Certificate issuer, Standard standard)
      throws CertificateException {
    Instant now = Instant.now();
    Crl crl = best(certificate, issuer, now);
    CertificateException unusable = unusable(crl, certificate, issuer, now);
    if (unusable != null && standard == Standard.KNOWN_TO_BE_GOOD) {
      throw unusable;
    }
    if (crl == null || !crl.isSignedBy(issuer)) {
      return;
    }
    Instant revokedAt = crl.revokedAt(certificate);
    if (revokedAt != null) {
      throw Refusal.REVOKED.because(
          "%s (serial number %x) was revoked at %s"
              .formatted(
                  CertificateNames.described(certificate),
                  certificate.getSerialNumber(),
                  revokedAt));
    }
  }

  /** What would refuse each certificate of this authority; empty where its CRL is in order. */
  Optional<String> problemOf(X509Certificate authority) {
    Instant now = Instant.now();
    CertificateException unusable =
        unusable(best(authority, authority, now), authority, authority, now);
    return Optional.ofNullable(unusable).map(CertificateException::getMessage);
  }

  private @Nullable Crl best(X509Certificate certificate, X509Certificate issuer, Instant now) {
    Comparator<Crl> order =
        comparing((Crl crl) -> crl.isSignedBy(issuer))
            .thenComparing(crl -> crl.covers(certificate))
            .thenComparing(crl -> crl.unknownCriticalExtensions().isEmpty())
            .thenComparing(crl -> crl.isFresh(now))
            .thenComparing(Crl::thisUpdate);
    return byIssuer.getOrDefault(issuer.getSubjectX500Principal(), List.of()).stream()
        .max(order)
        .orElse(null);
  }

  /** In the order in which OpenSSL looks. */
  private static @Nullable CertificateException unusable(
      @Nullable Crl crl, X509Certificate certificate, X509Certificate issuer, Instant now) {
    String name = CertificateNames.subject(issuer);
    if (crl == null) {
      return Refusal.NO_CRL.because(
          "there is no CRL of " + name + ", and once there are CRLs every authority needs one");
    }
    boolean[] usage = issuer.getKeyUsage();
    if (usage != null && !usage[CRL_SIGN]) {
      return Refusal.ISSUER_MAY_NOT_SIGN_CRL.because(
          name + " may not sign CRLs: its key usage lacks cRLSign");
    }
    if (!crl.covers(certificate)) {
      return Refusal.CRL_SCOPE.because(
          "no CRL of "
              + name
              + " speaks of "
              + CertificateNames.described(certificate)
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
    if (!crl.isSignedBy(issuer)) {
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
