package io.mysqltlsproxy.tls.trust;

import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * Verifies a server's certificate as MySQL's clients do: by a {@link PathVerifier}, and for {@code
 * VERIFY_IDENTITY} by its names. A session that is resumed is verified again.
 */
public final class ServerCertificateVerifier extends ServerTrustManager
    implements ResumableX509ExtendedTrustManager {
  private final PathVerifier paths;
  private final Optional<ServerIdentity> identity;

  ServerCertificateVerifier(PathVerifier paths, Optional<ServerIdentity> identity) {
    this.paths = paths;
    this.identity = identity;
  }

  /**
   * Verifies what the server sent, its own certificate first.
   *
   * @param standard of what is known about revocation
   */
  void verify(X509Certificate[] sent, Revocation.Standard standard) throws CertificateException {
    PathCertificate own = paths.path(sent, standard).get(0);
    if (identity.isPresent()) {
      identity.get().check(own);
    }
  }

  @Override
  void verify(X509Certificate[] sent) throws CertificateException {
    verify(sent, Revocation.Standard.KNOWN_TO_BE_GOOD);
  }

  @Override
  public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    throw notForClients();
  }
}
