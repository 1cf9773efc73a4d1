package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.CertificateChains.Chain;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Verifies a client's certificate as mysqld with OpenSSL does: a chain by way of intermediates that
 * the CA files hold or the client sends, up to a self-signed certificate of the CA files, every
 * link valid today (<a href="https://www.rfc-editor.org/rfc/rfc5280#section-6">RFC 5280, section
 * 6</a>), and for a client's use.
 *
 * <p>A session that a client resumes is verified again: the certificate may have expired or been
 * revoked since.
 *
 * <p>A refusal carries OpenSSL's error code, from which BoringSSL makes the alert. The JDK's engine
 * answers every refusal with {@code certificate_unknown}.
 */
public final class ClientCertificateVerifier extends X509ExtendedTrustManager
    implements ResumableX509ExtendedTrustManager {
  private final CertificateChains chains;
  private final VerifiedChains verified = new VerifiedChains();
  private final PKIXParameters parameters;
  private final CertificateFactory certificates;
  private final X509Certificate[] acceptedIssuers;
  private final Optional<Revocation> revocation;

  ClientCertificateVerifier(TrustedAuthorities authorities, Optional<Revocation> revocation) {
    this.revocation = revocation;
    chains = new CertificateChains(authorities);
    Set<TrustAnchor> anchors =
        authorities.roots().stream()
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toSet());
    try {
      parameters = new PKIXParameters(anchors);
      certificates = CertificateFactory.getInstance("X.509");
    } catch (InvalidAlgorithmParameterException | CertificateException e) {
      throw new IllegalArgumentException("no root certificate", e);
    }
    parameters.setRevocationEnabled(false);
    acceptedIssuers = authorities.all().toArray(X509Certificate[]::new);
  }

  /** Verifies what the client sent, its own certificate first. */
  void verify(X509Certificate[] sent) throws CertificateException {
    verify(sent, Revocation.Standard.KNOWN_TO_BE_GOOD);
  }

  /** The same, by another standard of what is known about revocation. */
  void verify(X509Certificate[] sent, Revocation.Standard standard) throws CertificateException {
    ByteBuffer key = VerifiedChains.key(sent);
    Chain chain = verified.get(key);
    if (chain == null) {
      chain = chains.build(sent);
      ClientPurpose.check(chain);
      validate(chain);
      verified.put(key, chain);
    } else {
      for (X509Certificate certificate : chain.belowRoot()) {
        Validity.check(certificate);
      }
    }
    Validity.check(chain.root());
    if (revocation.isPresent()) {
      revocation.get().check(chain.whole(), standard);
    }
  }

  private void validate(Chain chain) throws CertificateException {
    List<X509Certificate> path = chain.belowRoot();
    try {
      CertPathValidator.getInstance("PKIX")
          .validate(certificates.generateCertPath(path), parameters);
    } catch (CertPathValidatorException e) {
      // Without an index it is the step to the root that fails.
      throw refusal(path.get(e.getIndex() < 0 ? path.size() - 1 : e.getIndex()), e);
    } catch (GeneralSecurityException e) {
      throw e instanceof CertificateException refused ? refused : new CertificateException(e);
    }
  }

  /** When the first certificate of the chain expires. */
  Instant expiry(X509Certificate[] sent) throws CertificateException {
    Chain known = verified.get(VerifiedChains.key(sent));
    Chain chain = known == null ? chains.build(sent) : known;
    return chain.whole().stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static CertificateException refusal(
      X509Certificate certificate, CertPathValidatorException cause) throws CertificateException {
    CertPathValidatorException.Reason reason = cause.getReason();
    if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
      Validity.check(certificate);
    }
    if (reason == BasicReason.INVALID_SIGNATURE || reason == PKIXReason.NO_TRUST_ANCHOR) {
      return Refusal.UNKNOWN_ISSUER.because(
          CertificateNames.described(certificate)
              + " was not signed by the "
              + CertificateNames.issuer(certificate)
              + " of --ssl-ca but by another of that name");
    }
    Refusal refusal = Refusal.REJECTED;
    if (reason == PKIXReason.NOT_CA_CERT || reason == PKIXReason.INVALID_KEY_USAGE) {
      refusal = Refusal.INVALID_CA;
    } else if (reason == PKIXReason.PATH_TOO_LONG) {
      refusal = Refusal.PATH_LENGTH_EXCEEDED;
    }
    return refusal.because(
        CertificateNames.described(certificate) + " is refused: " + cause.getMessage());
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
    return acceptedIssuers.clone();
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
