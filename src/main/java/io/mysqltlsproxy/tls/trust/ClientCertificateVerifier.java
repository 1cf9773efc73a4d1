package io.mysqltlsproxy.tls.trust;

import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Verifies a client's certificate as mysqld with OpenSSL does, by a {@link PathVerifier}.
 *
 * <p>A session that a client resumes is verified again: the certificate may have expired or been
 * revoked since.
 *
 * <p>A refusal carries OpenSSL's error code, from which BoringSSL makes the alert. The JDK's engine
 * answers every refusal with {@code certificate_unknown}.
 */
public final class ClientCertificateVerifier extends X509ExtendedTrustManager
    implements ResumableX509ExtendedTrustManager {
  private final PathVerifier paths;

  /** A verifier by the system's clock. */
  ClientCertificateVerifier(TrustedAuthorities authorities, Optional<Revocation> revocation) {
    this(authorities, revocation, InstantSource.system());
  }

  /**
   * A verifier.
   *
   * @param clock by which certificates and CRLs are valid, expired or stale
   */
  ClientCertificateVerifier(
      TrustedAuthorities authorities, Optional<Revocation> revocation, InstantSource clock) {
    paths = new PathVerifier(authorities, Purpose.CLIENT, revocation, clock);
  }

  /** Verifies what the client sent, its own certificate first. */
  void verify(X509Certificate[] sent) throws CertificateException {
    path(sent, Revocation.Standard.KNOWN_TO_BE_GOOD);
  }

  /**
   * The path of what the client sent, its own certificate first.
   *
   * @param standard of what is known about revocation
   * @throws CertificateException where there is none
   */
  CertificatePath path(X509Certificate[] sent, Revocation.Standard standard)
      throws CertificateException {
    return paths.path(sent, standard);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return paths.acceptedIssuers();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw notForServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw notForServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw notForServers();
  }

  @Override
  public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine)
      throws CertificateException {
    throw notForServers();
  }

  private static CertificateException notForServers() {
    return new CertificateException("verifies clients only");
  }
}
