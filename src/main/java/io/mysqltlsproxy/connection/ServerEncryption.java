package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingLogin;
import io.mysqltlsproxy.connection.ClientPhase.ServerTlsHandshake;
import io.mysqltlsproxy.connection.LiveConnection.PresentedCertificates;
import io.mysqltlsproxy.net.Guard;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.SslRequest;
import io.mysqltlsproxy.tls.AlertWatch;
import io.mysqltlsproxy.tls.ClientSideTls;
import io.mysqltlsproxy.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * From an admitted login to a server's leg that is TLS. The server is asked only now, since the
 * SSLRequest has the capabilities of the login; and the login waits, of which nothing goes to the
 * server before.
 */
final class ServerEncryption {

  /** What comes next. */
  interface Next {
    /**
     * The server's leg is TLS, and the server waits for the login.
     *
     * @param packet the login's payload; valid during the call
     */
    void authenticate(Authenticating phase, HandshakeResponse response, ByteBuf packet);
  }

  private final ConnectionSettings settings;
  private final Lifecycle life;
  private final ServerLeg server;
  private final Next next;

  ServerEncryption(ConnectionSettings settings, Lifecycle life, ServerLeg server, Next next) {
    this.settings = settings;
    this.life = life;
    this.server = server;
    this.next = next;
  }

  /**
   * Begins.
   *
   * @param packet the login's payload, of which a copy is kept
   */
  void begin(AwaitingLogin from, Ruling ruling, HandshakeResponse response, ByteBuf packet) {
    ServerTlsHandshake phase = from.startServerTls(ruling, response.characterSet());
    if (!life.move(from, phase)) {
      return;
    }
    HeldLogin login = new HeldLogin(packet);
    life.client().receive(login);
    long begun = System.nanoTime();
    settings.handshakes().begin();
    ClientSideTls tls = ruling.by().towardsServer().orElseThrow();
    boolean keepsCertificates =
        from.session().greeting().version().keepsCertificatesOfResumedSessions();
    SslHandler handler = tls.newHandler(server.leg().allocator(), keepsCertificates);
    AlertWatch alerts = new AlertWatch();
    SslRequest request = response.sslRequest();
    handler
        .handshakeFuture()
        .addListener(
            Guard.listener(
                server.leg().channel(),
                handshake -> {
                  if (handshake.isSuccess()) {
                    server.encrypted(request);
                    encrypted(phase, tls.session(handler.engine()), begun, response, login);
                  } else {
                    server.refused();
                    Throwable cause = alerts.explainServer(handshake.cause());
                    life.end(failures -> failures.serverHandshake(cause));
                    server.end();
                  }
                }));
    server.startTls(
        request, response.sslRequest(packet, server.leg().allocator()), handler, alerts);
  }

  private void encrypted(
      ServerTlsHandshake phase,
      TlsSession tls,
      long begun,
      HandshakeResponse response,
      HeldLogin login) {
    Authenticating authenticating = phase.secured();
    if (!life.move(phase, authenticating)) {
      server.end();
      return;
    }
    settings.handshakes().finish(tls);
    settings.events().encrypted(tls, Duration.ofNanos(System.nanoTime() - begun));
    life.live()
        .encrypted(new Transport(tls.version(), tls.cipher(), Optional.empty()), tls.resumed());
    life.live().proved(new PresentedCertificates(tls.peerChain(), Instant.MAX));
    Optional<String> distrust = newDistrust(phase.ruling().by(), tls);
    if (distrust.isPresent()) {
      life.disconnect(CloseReason.SERVER_CERTIFICATE, distrust.get());
    } else {
      login.use(packet -> next.authenticate(authenticating, response, packet));
    }
  }

  /** The server's certificate may have been revoked during the handshake. */
  private Optional<String> newDistrust(SecurityPolicy ofHandshake, TlsSession tls) {
    SecurityPolicy now = settings.policy().get();
    return now.equals(ofHandshake)
        ? Optional.empty()
        : now.towardsServer()
            .flatMap(ClientSideTls::serverCertificates)
            .flatMap(wanted -> wanted.problem(tls.peerChain()));
  }
}
