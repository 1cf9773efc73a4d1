package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.connection.CommandRelay.Inspector.Verdict;
import io.mysqltlsproxy.connection.ConnectionLimits.Permit;
import io.mysqltlsproxy.connection.LiveConnection.PresentedCertificates;
import io.mysqltlsproxy.option.ProxyProtocol;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ComChangeUser;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.SslRequest;
import io.mysqltlsproxy.sslstatus.ResultSetRewriter;
import io.mysqltlsproxy.sslstatus.SslStatus;
import io.mysqltlsproxy.sslstatus.SslStatusQuery;
import io.mysqltlsproxy.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way of one client's connection from {@link ConnectionAcceptor} on, a method per arrow:
 *
 * <pre>
 * connected → greeted → sslRequested → encrypted → loggedIn → authenticated
 *                            └─ a plain login, where allowed ─┘   ↑       │
 *                                                                 └───────┘
 *                                                                 commanded
 * </pre>
 *
 * Each phase is handed what the one before it proved. What can go wrong on the way is {@link
 * Lifecycle}'s business. Both legs live on one event loop, so nothing here needs a lock.
 */
final class Connection {
  private final ConnectionSettings settings;
  private final Lifecycle life;
  private final Permit place;
  private final Leg client;
  private final ServerLeg server;

  private Connection(ConnectionSettings settings, Lifecycle life, Permit place, ServerLeg server) {
    this.settings = settings;
    this.life = life;
    this.place = place;
    this.client = life.client();
    this.server = server;
  }

  /** The server has taken the connection; it speaks first. */
  static void connected(
      ConnectionSettings settings, Lifecycle life, Permit place, ServerLeg server) {
    new Connection(settings, life, place, server).connected();
  }

  private void connected() {
    if (life.isOver()) {
      server.end();
      return;
    }
    life.enter(Phase.GREETING);
    if (settings.backendProxyProtocol() != ProxyProtocol.OFF) {
      life.peer()
          .connection()
          .ifPresent(ends -> server.leg().announce(ends.message(settings.backendProxyProtocol())));
    }
    server.leg().receive(this::greeted);
    server.leg().request();
  }

  private void greeted(ByteBuf packet) throws MalformedPacketException {
    if (ErrPacket.isAt(packet)) {
      life.refusedByServer(packet);
      return;
    }
    HandshakeV10 greeting = HandshakeV10.decode(packet);
    server.greeted(greeting);
    life.live().greeted(greeting.connectionId());
    greeting.offerTls(packet);
    life.enter(Phase.SSL_REQUEST);
    client.send(
        settings
            .serverVersion()
            .map(version -> greeting.withServerVersion(packet, version, client.allocator()))
            .orElseGet(packet::retain));
    client.receive(request -> sslRequested(greeting, request));
    client.request();
  }

  private void sslRequested(HandshakeV10 greeting, ByteBuf packet) throws MalformedPacketException {
    SslRequest request = SslRequest.decode(packet);
    Capabilities capabilities = greeting.agreed(request.capabilities());
    if (!request.asksForTls()) {
      loggedIn(new Session(greeting, capabilities, Transport.PLAIN, false), packet);
      return;
    }
    life.enter(Phase.TLS);
    long begun = System.nanoTime();
    settings.handshakes().begin();
    SecurityPolicy policy = settings.policy().get();
    SslHandler tls = policy.tls().newHandler(client.allocator());
    tls.handshakeFuture()
        .addListener(
            handshake -> {
              if (!handshake.isSuccess()) {
                life.handshakeFailed(handshake.cause());
              } else if (!life.isOver()) {
                TlsSession proved = TlsSession.of(tls.engine());
                settings.handshakes().finish(proved);
                settings.events().encrypted(proved, since(begun));
                encrypted(greeting, capabilities, policy, proved);
              }
            });
    client.startTls(tls);
  }

  private void encrypted(
      HandshakeV10 greeting, Capabilities capabilities, SecurityPolicy policy, TlsSession tls) {
    life.enter(Phase.LOGIN);
    Transport transport = new Transport(tls.version(), tls.cipher(), tls.clientCertificate());
    life.live().encrypted(transport);
    life.live()
        .proved(new PresentedCertificates(tls.clientChain(), policy.expiry(tls.clientChain())));
    Session session = new Session(greeting, capabilities, transport, tls.resumed());
    client.receive(
        packet -> {
          Optional<String> distrust = newDistrust(policy);
          if (distrust.isPresent()) {
            life.disconnect(CloseReason.CLIENT_CERTIFICATE, distrust.get());
          } else {
            loggedIn(session, packet);
          }
        });
    client.request();
  }

  private void loggedIn(Session session, ByteBuf packet) throws MalformedPacketException {
    HandshakeResponse response = HandshakeResponse.decode(packet, session.capabilities());
    session.greeting().checkUserName(response.userName(), response.characterSet());
    Login login = login(session, response.userName(), response.usesPassword());
    Decision decision = settings.policy().get().rules().decide(login);
    life.asked(LoginAudit.login(life.live(), session, login, decision));
    if (!(decision instanceof Admitted admitted)) {
      life.refuse((Refused) decision);
      return;
    }
    life.live().admitted(admitted);
    life.enter(Phase.AUTHENTICATION);
    authentication(admitted, session, response.authPluginName(), life::deniedByServer)
        .login(response, packet);
  }

  private void authenticated(Session session) {
    Turn turn = life.relaying();
    place.loggedIn();
    server.loggedIn();
    server.leg().relay(new ResponseRelay(client.channel(), turn));
    client.relay(
        new CommandRelay(
            server.leg().channel(), turn, (packet, rest) -> commanded(session, packet, rest)));
  }

  /** A packet that may be a change of user, before which the rules are asked again. */
  private Verdict commanded(Session session, ByteBuf packet, ByteBuf rest)
      throws MalformedPacketException {
    if (SslStatusQuery.isQuery(packet)) {
      asked(session, packet);
      return Verdict.PASS;
    }
    ComChangeUser command = ComChangeUser.decode(packet, session.capabilities());
    session.greeting().checkUserName(command.userName(), command.characterSet());
    Login login = login(session, command.userName(), command.usesPassword());
    Decision decision = settings.policy().get().rules().decide(login);
    life.asked(LoginAudit.changeUser(life.live(), session, login, decision));
    if (!(decision instanceof Admitted admitted)) {
      life.refuse((Refused) decision);
      return Verdict.TAKEN;
    }
    Admitted before = life.live().admitted().orElse(admitted);
    life.live().changing(admitted);
    life.enter(Phase.AUTHENTICATION);
    authentication(
            admitted,
            session,
            command.authPluginName(),
            denial -> {
              client.send(denial.retain());
              life.changeDenied();
              life.live().admitted(before);
              authenticated(session);
            })
        .changeUser(command, packet, rest);
    return Verdict.TAKEN;
  }

  /** A query that may ask for TLS: the server answers, and the answer is made true on its way. */
  private void asked(Session session, ByteBuf packet) {
    if (!settings.sslStatus()) {
      return;
    }
    SslStatusQuery.decode(packet).ifPresent(question -> filterAnswer(session, question));
  }

  private void filterAnswer(Session session, SslStatusQuery question) {
    SslStatus status = new SslStatus(settings.handshakes(), settings.policy().get().tls().facts());
    server
        .leg()
        .filter(
            new ResultSetRewriter(
                session.speaks(Capabilities.CLIENT_DEPRECATE_EOF),
                answer -> status.rows(question, session.transport(), session.resumed(), answer)));
  }

  private AuthenticationRelay authentication(
      Admitted admitted, Session session, String plugin, Consumer<ByteBuf> denied) {
    return new AuthenticationRelay(
        admitted,
        session,
        client,
        server,
        settings.plugins(),
        plugin,
        new AuthenticationRelay.Outcome(
            () -> {
              life.live().admitted(admitted);
              authenticated(session);
            },
            denied,
            life::impossible));
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /** Certificates may have been revoked between the handshake and the login. */
  private Optional<String> newDistrust(SecurityPolicy ofHandshake) {
    SecurityPolicy now = settings.policy().get();
    return now.equals(ofHandshake) ? Optional.empty() : now.problem(life.live().proof().shown());
  }

  private Login login(Session session, String user, boolean usesPassword) {
    return new Login(user, life.peer().host(), usesPassword, session.transport());
  }
}
