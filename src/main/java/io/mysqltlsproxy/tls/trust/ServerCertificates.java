package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;

/** What is asked of the certificate that the server shows. */
public final class ServerCertificates extends PeerCertificates {
  private final ServerCertificateVerifier verifier;

  private ServerCertificates(
      TrustedAuthorities authorities,
      Optional<Revocation> revocation,
      Optional<String> host,
      InstantSource clock) {
    super(authorities, revocation, clock);
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

  @Override
  void verify(X509Certificate[] sent, Revocation.Standard standard) throws CertificateException {
    verifier.verify(sent, standard);
  }
}
