package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.text.Phrases;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of the certificates that clients show, by {@code ssl-ca}, {@code ssl-capath},
 * {@code ssl-crl} and {@code ssl-crlpath}: outside a handshake, too.
 */
public final class ClientCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);

  /** A file of all public authorities has many that have expired. */
  private static final int MAX_WARNINGS = 10;

  private final TrustedAuthorities authorities;
  private final ClientCertificateVerifier verifier;
  private final Optional<Revocation> revocation;
  private final InstantSource clock;

  private ClientCertificates(
      TrustedAuthorities authorities, Optional<Revocation> revocation, InstantSource clock) {
    this.clock = clock;
    this.authorities = authorities;
    this.revocation = revocation;
    verifier = new ClientCertificateVerifier(authorities, revocation, clock);
  }

  /**
   * Reads the files; empty where no option says who signs clients' certificates.
   *
   * @throws OptionException for the first file that cannot be used
   */
  public static Optional<ClientCertificates> load(OptionValues values) throws OptionException {
    return load(values, InstantSource.system());
  }

  /** The same by another clock. */
  public static Optional<ClientCertificates> load(OptionValues values, InstantSource clock)
      throws OptionException {
    Optional<Revocation> revocation = RevocationFiles.load(values);
    Optional<TrustedAuthorities> authorities = TrustedAuthorities.load(values);
    return authorities.map(trusted -> new ClientCertificates(trusted, revocation, clock));
  }

  /** Logs what is wrong with a CRL or an authority, so that clients will be refused. */
  public void warn() {
    List<String> problems = new ArrayList<>(problemsOfCrls());
    for (X509Certificate authority : authorities.all()) {
      try {
        CertificatePath alone = new CertificatePath(List.of(PathCertificate.of(authority)));
        PathRules.checkDates(alone, clock.instant());
      } catch (CertificateException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    problems.stream()
        .limit(MAX_WARNINGS)
        .forEach(problem -> LOG.warn("clients of this CA will be refused: {}", problem));
    if (problems.size() > MAX_WARNINGS) {
      LOG.warn(
          "clients of {} more will be refused for the like; mysql-tls-proxy check names them all",
          Phrases.count(problems.size() - MAX_WARNINGS, "CA"));
    }
  }

  /** The names of the authorities: those that {@code ssl-ca} and {@code ssl-capath} hold. */
  public List<String> authorityNames() {
    return authorities.all().stream().map(CertificateNames::subject).sorted().toList();
  }

  /** What is wrong with the CRL of each authority, so that all its clients are refused. */
  public List<String> problemsOfCrls() {
    return authorities.all().stream()
        .flatMap(
            authority ->
                revocation.flatMap(lists -> lists.problemOf(authority, clock.instant())).stream())
        .toList();
  }

  public ClientCertificateVerifier verifier() {
    return verifier;
  }

  /**
   * Why a client that shows these certificates is refused; empty where it is not.
   *
   * @param sent by the client, its own certificate first
   */
  public Optional<String> problem(List<X509Certificate> sent) {
    return problem(sent, Revocation.Standard.KNOWN_TO_BE_GOOD);
  }

  /**
   * Why a client that was let in with these certificates must go: that a CRL has become stale or
   * missing says nothing about it, and is no reason.
   */
  public Optional<String> reasonToLeave(List<X509Certificate> sent) {
    return problem(sent, Revocation.Standard.NOT_REVOKED);
  }

  /** When the first certificate of the path expires that lets the client in, or stay. */
  public Instant expiry(List<X509Certificate> sent) {
    try {
      return verifier
          .path(sent.toArray(X509Certificate[]::new), Revocation.Standard.NOT_REVOKED)
          .expiry();
    } catch (CertificateException e) {
      return Instant.MIN;
    }
  }

  /** The CRLs in use, a line each: issuer, of when, the next by when, how many are revoked. */
  public List<String> revocationLists() {
    return revocation.stream().flatMap(lists -> lists.all().stream()).map(Crl::toString).toList();
  }

  /** When the first of the CAs expires. */
  public Instant authorityExpiry() {
    return Arrays.stream(verifier.getAcceptedIssuers())
        .map(authority -> authority.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** When the first of the CRLs in use is to be replaced; empty where none says so. */
  public Optional<Instant> nextRevocationLists() {
    return revocation.stream()
        .flatMap(lists -> lists.all().stream())
        .flatMap(list -> list.nextUpdate().stream())
        .min(Instant::compareTo);
  }

  /** The authorities and the CRLs, a line each. */
  public List<String> description() {
    List<String> lines = new ArrayList<>();
    for (X509Certificate authority : verifier.getAcceptedIssuers()) {
      lines.add("CA " + CertificateNames.identified(authority));
    }
    lines.addAll(revocationLists());
    return lines;
  }

  private Optional<String> problem(List<X509Certificate> sent, Revocation.Standard standard) {
    try {
      verifier.path(sent.toArray(X509Certificate[]::new), standard);
      return Optional.empty();
    } catch (CertificateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
