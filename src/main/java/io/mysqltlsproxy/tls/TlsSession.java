package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.pem.CertificateReader;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a finished handshake proved.
 *
 * @param version {@code TLSv1.3}
 * @param cipher OpenSSL's name
 * @param group of the key exchange, by the name that {@code tls-groups} has for it; empty where
 *     there was none, or the engine (the JDK's) does not tell
 * @param resumed whether an earlier session was resumed
 * @param peerChain what the peer sent, its own certificate first, verified against the CA in this
 *     very handshake, resumed or not; empty where it sent none, or nobody verified it
 */
public record TlsSession(
    String version,
    String cipher,
    Optional<String> group,
    boolean resumed,
    List<X509Certificate> peerChain) {

  public TlsSession {
    peerChain = List.copyOf(peerChain);
  }

  /** The session of an engine that {@link ServerTls} made, after its handshake succeeded. */
  public static TlsSession of(SSLEngine engine) {
    return of(engine, peerChain(engine.getSession()));
  }

  /** The same of one that {@link ClientSideTls} made and that has verified nothing. */
  static TlsSession unverified(SSLEngine engine) {
    return of(engine, List.of());
  }

  private static TlsSession of(SSLEngine engine, List<X509Certificate> peerChain) {
    SSLSession session = engine.getSession();
    return new TlsSession(
        session.getProtocol(),
        CipherNames.toOpenSsl(session.getCipherSuite()),
        group(engine),
        resumed(engine),
        peerChain);
  }

  private static boolean resumed(SSLEngine engine) {
    return engine instanceof ReferenceCountedOpenSslEngine boringSsl
        ? SSL.isSessionReused(boringSsl.sslPointer())
        : !engine.getUseClientMode() && !OwnKeyManager.wasAskedBy(engine);
  }

  private static Optional<String> group(SSLEngine engine) {
    if (!(engine instanceof ReferenceCountedOpenSslEngine boringSsl)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(SSL.getGroupName(boringSsl.sslPointer()))
          .map(NamedGroup::openSslName);
    } catch (Exception e) {
      return Optional.empty(); // a static RSA key exchange has no group
    }
  }

  /** The client's own certificate; empty where it sent none. */
  public Optional<X509Certificate> clientCertificate() {
    return peerChain.stream().findFirst();
  }

  private static List<X509Certificate> peerChain(SSLSession session) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : session.getPeerCertificates()) {
        // Netty's own would be read by the JDK, when it is first looked at, which takes fewer
        // kinds.
        chain.add(CertificateReader.read(certificate.getEncoded()));
      }
      return chain;
    } catch (CertificateException e) {
      throw new IllegalStateException("it was verified", e);
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }
}
