package io.mysqltlsproxy.tls.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the certificates that a peer shows, by {@code ssl-ca}, {@code ssl-capath},
 * {@code ssl-crl} and {@code ssl-crlpath}: outside a handshake, too.
 */
public abstract sealed class PeerCertificates permits ClientCertificates, ServerCertificates {
  final InstantSource clock;
  private final TrustedAuthorities authorities;
  private final Optional<Revocation> revocation;

  PeerCertificates(
      TrustedAuthorities authorities, Optional<Revocation> revocation, InstantSource clock) {
    this.authorities = authorities;
    this.revocation = revocation;
    this.clock = clock;
  }

  /**
   * Verifies what a peer sent, its own certificate first.
   *
   * @param standard of what is known about revocation
   */
  abstract void verify(X509Certificate[] sent, Revocation.Standard standard)
      throws CertificateException;

  /**
   * Why a peer that shows these certificates is refused; empty where it is not.
   *
   * @param sent by the peer, its own certificate first
   */
  public final Optional<String> problem(List<X509Certificate> sent) {
    return problem(sent, Revocation.Standard.KNOWN_TO_BE_GOOD);
  }

  /**
   * Why a connection to a peer with these certificates, which was good once, must end: that a CRL
   * has become stale or missing says nothing about it, and is no reason.
   */
  public final Optional<String> reasonToLeave(List<X509Certificate> sent) {
    return problem(sent, Revocation.Standard.NOT_REVOKED);
  }

  private Optional<String> problem(List<X509Certificate> sent, Revocation.Standard standard) {
    try {
      verify(sent.toArray(X509Certificate[]::new), standard);
      return Optional.empty();
    } catch (CertificateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The authorities that {@code ssl-ca} and {@code ssl-capath} hold. */
  public final List<X509Certificate> authorities() {
    return authorities.all();
  }

  /** Their names. */
  public final List<String> authorityNames() {
    return authorities().stream().map(CertificateNames::subject).sorted().toList();
  }

  /** When the first of the CAs expires. */
  public final Instant authorityExpiry() {
    return authorities().stream()
        .map(authority -> authority.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  /** What is wrong with the CRL of each authority, so that all its certificates are refused. */
  public final List<String> problemsOfCrls() {
    return authorities().stream()
        .flatMap(
            authority ->
                revocation.flatMap(lists -> lists.problemOf(authority, clock.instant())).stream())
        .toList();
  }

  /** When the first of the CRLs in use is to be replaced; empty where none says so. */
  public final Optional<Instant> nextRevocationLists() {
    return revocation.stream()
        .flatMap(lists -> lists.all().stream())
        .flatMap(list -> list.nextUpdate().stream())
        .min(Instant::compareTo);
  }

  /** The CRLs in use, a line each: issuer, of when, the next by when, how many are revoked. */
  public final List<String> revocationLists() {
    return revocation.stream().flatMap(lists -> lists.all().stream()).map(Crl::toString).toList();
  }

  /** The authorities and the CRLs, a line each. */
  public final List<String> description() {
    List<String> lines = new ArrayList<>();
    for (X509Certificate authority : authorities()) {
      lines.add("CA " + CertificateNames.identified(authority));
    }
    lines.addAll(revocationLists());
    return lines;
  }
}
