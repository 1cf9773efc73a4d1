package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ClientPhase.AwaitingLogin;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingSslRequest;
import io.mysqltlsproxy.connection.ClientPhase.TlsHandshake;
import io.mysqltlsproxy.connection.LiveConnection.PresentedCertificates;
import io.mysqltlsproxy.net.Guard;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.UnsupportedLoginException;
import io.mysqltlsproxy.tls.AlertWatch;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.TlsSession;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.time.Duration;

/** From a client's SSLRequest to a client's leg that is TLS. */
final class ClientEncryption {

  /** What comes next. */
  interface Next {
    /**
     * The client's leg is TLS, and the client's login is next.
     *
     * @param policy by which its certificate was verified
     */
    void encrypted(AwaitingLogin phase, SecurityPolicy policy);
  }

  private final ConnectionSettings settings;
  private final Lifecycle life;
  private final Next next;

  ClientEncryption(ConnectionSettings settings, Lifecycle life, Next next) {
    this.settings = settings;
    this.life = life;
    this.next = next;
  }

  /**
   * Begins.
   *
   * @param wished the flags of the SSLRequest
   * @throws UnsupportedLoginException where TLS was not offered
   */
  void begin(AwaitingSslRequest from, Capabilities wished) throws UnsupportedLoginException {
    SecurityPolicy policy = settings.policy().get();
    ServerTls own =
        policy
            .towardsClients()
            .orElseThrow(
                () -> new UnsupportedLoginException("it asks for TLS, which was not offered"));
    TlsHandshake phase = from.startTls(wished);
    if (!life.move(from, phase)) {
      return;
    }
    long begun = System.nanoTime();
    settings.handshakes().begin();
    SslHandler tls = own.newHandler(life.client().allocator());
    AlertWatch alerts = new AlertWatch();
    tls.handshakeFuture()
        .addListener(
            Guard.listener(
                life.client().channel(),
                handshake -> {
                  if (handshake.isSuccess()) {
                    TlsSession session = TlsSession.of(tls.engine());
                    encrypted(phase, policy, own.certificate(), session, begun);
                  } else {
                    Throwable cause = alerts.explain(handshake.cause());
                    life.end(failures -> failures.clientHandshake(cause));
                  }
                }));
    life.client().startTls(tls, alerts, settings.limits().refusals()::isExceeded);
  }

  private void encrypted(
      TlsHandshake from, SecurityPolicy policy, X509Certificate shown, TlsSession tls, long begun) {
    AwaitingLogin phase = from.encrypted(tls, shown);
    if (!life.move(from, phase)) {
      return;
    }
    settings.handshakes().finish(tls);
    settings.events().encrypted(tls, Duration.ofNanos(System.nanoTime() - begun));
    life.live().encrypted(phase.session().transport(), tls.resumed());
    life.live().proved(new PresentedCertificates(tls.peerChain(), policy.expiry(tls.peerChain())));
    next.encrypted(phase, policy);
  }
}
