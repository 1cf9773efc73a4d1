package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.text.Phrases;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of the certificates that clients show. */
public final class ClientCertificates extends PeerCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);

  /** A file of all public authorities has many that have expired. */
  private static final int MAX_WARNINGS = 10;

  private final ClientCertificateVerifier verifier;

  private ClientCertificates(
      TrustedAuthorities authorities, Optional<Revocation> revocation, InstantSource clock) {
    super(authorities, revocation, clock);
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
    for (X509Certificate authority : authorities()) {
      try {
        PathCertificate certificate = PathCertificate.of(authority);
        certificate.damage().ifPresent(problems::add);
        PathRules.checkDates(new CertificatePath(List.of(certificate)), clock.instant());
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

  public ClientCertificateVerifier verifier() {
    return verifier;
  }

  @Override
  void verify(X509Certificate[] sent, Revocation.Standard standard) throws CertificateException {
    verifier.path(sent, standard);
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
}
