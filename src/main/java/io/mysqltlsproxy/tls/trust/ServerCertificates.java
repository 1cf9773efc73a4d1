package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the certificate that the server shows, by {@code ssl-ca}, {@code ssl-capath},
 * {@code ssl-crl} and {@code ssl-crlpath}: outside a handshake, too.
 */
public final class ServerCertificates {
  private final TrustedAuthorities authorities;
  private final Optional<Revocation> revocation;
  private final ServerCertificateVerifier verifier;
  private final InstantSource clock;

  private ServerCertificates(
      TrustedAuthorities authorities,
      Optional<Revocation> revocation,
      Optional<String> host,
      InstantSource clock) {
    this.authorities = authorities;
    this.revocation = revocation;
    this.clock = clock;
    verifier =
        new ServerCertificateVerifier(
            new PathVerifier(authorities, Purpose.SERVER, revocation, clock),
            host.map(ServerIdentity::new));
  }

  /**
   * Reads the files; empty where no option says who signs the server's certificate.
   *
   * @param host that the certificate must be for; empty where any will do
   * @throws OptionException for the first file that cannot be used
   */
  public static Optional<ServerCertificates> load(
      OptionValues values, Optional<String> host, InstantSource clock) throws OptionException {
    Optional<Revocation> revocation = RevocationFiles.load(values);
    return TrustedAuthorities.load(values)
        .map(trusted -> new ServerCertificates(trusted, revocation, host, clock));
  }

  public ServerCertificateVerifier verifier() {
    return verifier;
  }

  /**
   * Why a server that shows these certificates is refused; empty where it is not.
   *
   * @param sent by the server, its own certificate first
   */
  public Optional<String> problem(List<X509Certificate> sent) {
    return problem(sent, Revocation.Standard.KNOWN_TO_BE_GOOD);
  }

  /** Why a connection to a server with these certificates, which was good once, must end. */
  public Optional<String> reasonToLeave(List<X509Certificate> sent) {
    return problem(sent, Revocation.Standard.NOT_REVOKED);
  }

  private Optional<String> problem(List<X509Certificate> sent, Revocation.Standard standard) {
    try {
      verifier.verify(sent.toArray(X509Certificate[]::new), standard);
      return Optional.empty();
    } catch (CertificateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The authorities that {@code ssl-ca} and {@code ssl-capath} hold. */
  public List<X509Certificate> authorities() {
    return authorities.all();
  }

  /** What is wrong with the CRL of each authority, so that all its servers are refused. */
  public List<String> problemsOfCrls() {
    return authorities.all().stream()
        .flatMap(
            authority ->
                revocation.flatMap(lists -> lists.problemOf(authority, clock.instant())).stream())
        .toList();
  }

  /** When the first of the CAs expires. */
  public Instant authorityExpiry() {
    return authorities.all().stream()
        .map(authority -> authority.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  /** When the first of the CRLs in use is to be replaced; empty where none says so. */
  public Optional<Instant> nextRevocationLists() {
    return revocation.stream()
        .flatMap(lists -> lists.all().stream())
        .flatMap(list -> list.nextUpdate().stream())
        .min(Instant::compareTo);
  }

  /** The names of the authorities: those that {@code ssl-ca} and {@code ssl-capath} hold. */
  public List<String> authorityNames() {
    return authorities.all().stream().map(CertificateNames::subject).sorted().toList();
  }

  /** The CRLs in use, a line each. */
  public List<String> revocationLists() {
    return revocation.stream().flatMap(lists -> lists.all().stream()).map(Crl::toString).toList();
  }

  /** The authorities and the CRLs, a line each. */
  public List<String> description() {
    List<String> lines = new ArrayList<>();
    for (X509Certificate authority : authorities.all()) {
      lines.add("CA " + CertificateNames.identified(authority));
    }
    lines.addAll(revocationLists());
    return lines;
  }
}
