package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.codec.WipedBuffers;
import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingGreeting;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingLogin;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingSslRequest;
import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.connection.ClientPhase.Connecting;
import io.mysqltlsproxy.connection.ClientPhase.TlsHandshake;
import io.mysqltlsproxy.connection.CommandRelay.Inspector.Verdict;
import io.mysqltlsproxy.connection.ConnectionLimits.Permit;
import io.mysqltlsproxy.connection.LiveConnection.PresentedCertificates;
import io.mysqltlsproxy.net.Guard;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ComChangeUser;
import io.mysqltlsproxy.protocol.ConnectionAttributes;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.SslRequest;
import io.mysqltlsproxy.protocol.UnsupportedLoginException;
import io.mysqltlsproxy.sslstatus.SslStatusQuery;
import io.mysqltlsproxy.tls.AlertWatch;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The way of one client's connection from {@link ConnectionAcceptor} on, a method per arrow of
 * {@link ClientPhase}:
 *
 * <pre>
 * connected → greeted → sslRequested → encrypted → loggedIn → authenticated
 *                            └─ a plain login, where allowed ─┘   ↑       │
 *                                                                 └───────┘
 *                                                                 commanded
 *
 * where the server's leg is TLS: loggedIn → ServerEncryption → authenticated
 * </pre>
 *
 * Each takes the phase that the one before it has reached, and goes on only if the connection is
 * still in it. What can go wrong on the way is {@link Lifecycle}'s business. Both legs live on one
 * event loop, so nothing here needs a lock.
 */
final class Connection {
  private final ConnectionSettings settings;
  private final Lifecycle life;
  private final Permit permit;
  private final Leg client;
  private final ServerLeg server;
  private final Admission admission;
  private final TlsQuestions questions;

  private Connection(ConnectionSettings settings, Lifecycle life, Permit permit, ServerLeg server) {
    this.settings = settings;
    this.life = life;
    this.permit = permit;
    this.client = life.client();
    this.server = server;
    this.admission = new Admission(settings, life);
    this.questions = new TlsQuestions(settings, server);
  }

  /** The server has taken the connection; it speaks first. */
  static void connected(
      ConnectionSettings settings,
      Lifecycle life,
      Permit permit,
      ServerLeg server,
      Connecting phase) {
    new Connection(settings, life, permit, server).connected(phase);
  }

  private void connected(Connecting phase) {
    // A server that expects a header greets nobody without, not even a client that is gone.
    server.announce(settings.backendProxyProtocol(), life.peer().connection());
    AwaitingGreeting next = phase.connected();
    if (!life.move(phase, next)) {
      server.end();
      return;
    }
    server.leg().receive(packet -> greeted(next, packet));
    server.leg().request();
  }

  private void greeted(AwaitingGreeting phase, ByteBuf packet) throws MalformedPacketException {
    if (ErrPacket.isAt(packet)) {
      server.refused();
      life.refusedByServer(packet);
      return;
    }
    HandshakeV10 greeting = HandshakeV10.decode(packet);
    SecurityPolicy policy = settings.policy().get();
    if (policy.towardsServer().isPresent() && !greeting.offersTls()) {
      server.greeted(greeting);
      life.serverWithoutTls();
      return;
    }
    AwaitingSslRequest next = phase.greeted(greeting);
    if (!life.move(phase, next)) {
      return;
    }
    server.greeted(greeting);
    settings.server().reached();
    life.live().greeted(greeting.connectionId());
    client.receive(request -> sslRequested(next, request));
    client.send(
        greeting.forClient(
            packet,
            policy.towardsClients().isPresent(),
            settings.serverVersion(),
            client.allocator()));
    if (!life.isOver()) {
      client.request();
    }
  }

  private void sslRequested(AwaitingSslRequest phase, ByteBuf packet)
      throws MalformedPacketException {
    SslRequest request = SslRequest.decode(packet);
    if (!request.asksForTls()) {
      AwaitingLogin next = phase.withoutTls(request.capabilities());
      if (life.move(phase, next)) {
        loggedIn(next, packet);
      }
      return;
    }
    SecurityPolicy policy = settings.policy().get();
    ServerTls own =
        policy
            .towardsClients()
            .orElseThrow(
                () -> new UnsupportedLoginException("it asks for TLS, which was not offered"));
    TlsHandshake next = phase.startTls(request.capabilities());
    if (!life.move(phase, next)) {
      return;
    }
    long begun = System.nanoTime();
    settings.handshakes().begin();
    SslHandler tls = own.newHandler(client.allocator());
    AlertWatch alerts = new AlertWatch();
    tls.handshakeFuture()
        .addListener(
            Guard.listener(
                client.channel(),
                handshake -> {
                  if (handshake.isSuccess()) {
                    encrypted(next, policy, own.certificate(), TlsSession.of(tls.engine()), begun);
                  } else {
                    life.handshakeFailed(alerts.explain(handshake.cause()));
                  }
                }));
    client.startTls(tls, alerts, settings.limits().refusals()::isExceeded);
  }

  private void encrypted(
      TlsHandshake phase,
      SecurityPolicy policy,
      X509Certificate shown,
      TlsSession tls,
      long begun) {
    AwaitingLogin next = phase.encrypted(tls, shown);
    if (!life.move(phase, next)) {
      return;
    }
    settings.handshakes().finish(tls);
    settings.events().encrypted(tls, Duration.ofNanos(System.nanoTime() - begun));
    life.live().encrypted(next.session().transport(), tls.resumed());
    life.live().proved(new PresentedCertificates(tls.peerChain(), policy.expiry(tls.peerChain())));
    client.receive(
        packet -> {
          Optional<String> distrust = admission.newDistrust(policy);
          if (distrust.isPresent()) {
            life.disconnect(CloseReason.CLIENT_CERTIFICATE, distrust.get());
          } else {
            loggedIn(next, packet);
          }
        });
    client.request();
  }

  private void loggedIn(AwaitingLogin phase, ByteBuf packet) throws MalformedPacketException {
    Session session = phase.session();
    session.greeting().checkCompression(phase.wished());
    session.greeting().checkCompression(SslRequest.decode(packet).capabilities());
    HandshakeResponse response = HandshakeResponse.decode(packet, session.capabilities());
    Set<String> readings =
        session.greeting().readings(response.userName(), response.characterSet());
    Login login = login(session, response.userName(), readings, response.usesPassword());
    SecurityPolicy policy = settings.policy().get();
    Decision decision = policy.rules().decide(login);
    LoginAudit audit = LoginAudit.login(life.live(), login, decision);
    if (!(decision instanceof Admitted admitted)) {
      life.refuse((Refused) decision, response.characterSet(), audit);
      return;
    }
    if (policy.towardsServer().isPresent()) {
      new ServerEncryption(settings, life, server, this::logIn)
          .begin(phase, policy, admitted, audit, response, packet);
      return;
    }
    Authenticating next = phase.admitted(policy, admitted, audit, response.characterSet());
    if (life.move(phase, next)) {
      authenticate(next, response, packet);
    }
  }

  private void authenticate(Authenticating phase, HandshakeResponse response, ByteBuf packet)
      throws MalformedPacketException {
    Optional<ConnectionAttributes> told = ClientAttributes.of(settings, life.peer(), phase);
    if (told.isEmpty()) {
      logIn(phase, response, packet);
      return;
    }
    ByteBuf described = response.withAttributes(packet, told.get(), server.leg().allocator());
    HandshakeResponse read = response.with(Capabilities.CLIENT_CONNECT_ATTRS);
    settings.hostErrors().logIn(server, new ClientsTurn(phase, read, described));
  }

  /** As the client has sent it. */
  private void logIn(Authenticating phase, HandshakeResponse response, ByteBuf packet) {
    settings.hostErrors().logIn(server, new ClientsTurn(phase, response, packet.copy()));
  }

  private void authenticated(Authenticating phase, LoggedIn who, ByteBuf ok) {
    Commands next = phase.authenticated(who);
    if (!admission.isStillGood(phase) || !life.move(phase, next)) {
      ok.release();
      return;
    }
    permit.loggedIn();
    life.loggedIn(phase);
    relay(next, ok);
  }

  /** The server has refused a change of user, and goes on with the user before. */
  private void changeDenied(Authenticating phase, ByteBuf denial) {
    phase
        .denied()
        .filter(next -> life.move(phase, next))
        .ifPresent(
            next -> {
              server.loggedIn();
              phase.audit().ended(CloseReason.DENIED_BY_SERVER);
              relay(next, denial.retain());
            });
  }

  /**
   * From now on bytes pass.
   *
   * @param lastAnswer the OK or ERR that ended the authentication; taken over
   */
  private void relay(Commands phase, ByteBuf lastAnswer) {
    client.send(lastAnswer);
    if (life.isOver()) {
      return;
    }
    CommandRelay commands =
        new CommandRelay(
            phase.who(),
            server.leg().channel(),
            phase.frames(),
            phase.responses(),
            (packet, rest) -> commanded(phase, packet, rest));
    server.leg().relay(new ResponseRelay(client.channel(), phase.responses(), commands));
    client.relay(commands);
  }

  /** A change of user, before which the rules are asked again, or a question about TLS. */
  private Verdict commanded(Commands phase, ByteBuf packet, ByteBuf rest)
      throws MalformedPacketException {
    Session session = phase.who().session();
    if (SslStatusQuery.isQuery(packet)) {
      if (isFollowed(phase)) {
        questions.asked(session, packet);
      }
      return Verdict.PASS;
    }
    client.wipeRecordOf(packet);
    if (!isFollowed(phase)) {
      throw new MalformedPacketException(
          "COM_CHANGE_USER when it is not known what the server answers: "
              + phase.responses().problem());
    }
    ComChangeUser command = ComChangeUser.decode(packet, session.capabilities());
    Set<String> readings = session.greeting().readings(command.userName(), command.characterSet());
    Login login = login(session, command.userName(), readings, command.usesPassword());
    SecurityPolicy policy = settings.policy().get();
    Decision decision = policy.rules().decide(login);
    LoginAudit audit = LoginAudit.changeUser(life.live(), login, decision);
    if (!(decision instanceof Admitted admitted)) {
      // Servers go back to the user before, and his character set, and say ERR then.
      life.refuse((Refused) decision, session.collation(), audit);
      return Verdict.TAKEN;
    }
    Authenticating next = phase.changeUser(policy, admitted, audit, command.characterSet());
    if (life.move(phase, next)) {
      changeUser(next, command, packet, rest);
    }
    return Verdict.TAKEN;
  }

  private void changeUser(Authenticating phase, ComChangeUser command, ByteBuf packet, ByteBuf rest)
      throws MalformedPacketException {
    AuthenticationRelay relay =
        authentication(phase, command.authPluginName(), denial -> changeDenied(phase, denial));
    Optional<ConnectionAttributes> told = ClientAttributes.of(settings, life.peer(), phase);
    if (told.isEmpty()) {
      relay.changeUser(command, packet, rest);
      return;
    }
    ByteBuf described =
        command.withAttributes(
            packet,
            phase.session().capabilities(),
            phase.session().greeting(),
            told.get(),
            server.leg().allocator());
    try {
      relay.changeUser(command, described, rest);
    } finally {
      WipedBuffers.wipe(described);
    }
  }

  /** Whether the server's next answer is known to be that to the client's next command. */
  private static boolean isFollowed(Commands phase) {
    return phase.responses().state() != State.UNKNOWN;
  }

  private AuthenticationRelay authentication(
      Authenticating phase, String plugin, Consumer<ByteBuf> denied) {
    return new AuthenticationRelay(
        phase.decision(),
        phase.session(),
        client,
        server,
        settings.plugins(),
        plugin,
        new AuthenticationRelay.Outcome() {
          @Override
          public void authenticated(LoggedIn who, ByteBuf ok) {
            Connection.this.authenticated(phase, who, ok);
          }

          @Override
          public void denied(ByteBuf error) {
            denied.accept(error);
          }

          @Override
          public void impossible(ErrPacket error) {
            life.impossible(error);
          }
        });
  }

  private Login login(Session session, String user, Set<String> readings, boolean usesPassword) {
    return new Login(user, readings, life.peer().host(), usesPassword, session.transport());
  }

  /** A login that the server may have to be spared for a moment; the client may leave meanwhile. */
  private final class ClientsTurn implements HostErrors.Turn {
    private final Authenticating phase;
    private final HandshakeResponse response;
    private final ByteBuf packet;

    ClientsTurn(Authenticating phase, HandshakeResponse response, ByteBuf packet) {
      this.phase = phase;
      this.response = response;
      this.packet = packet;
    }

    @Override
    public String user() {
      return phase.decision().login().user();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very phase, not one like it
    public boolean send(String user) {
      if (life.live().phase() != phase || !admission.isStillGood(phase)) {
        drop();
        return false;
      }
      try {
        authentication(phase, response.authPluginName(), life::deniedByServer)
            .login(response, packet);
        // Nothing has gone to the server if the login itself was refused here.
        return server.owesAnswer();
      } finally {
        drop();
      }
    }

    @Override
    public boolean hasClient() {
      return true;
    }

    @Override
    public void drop() {
      packet.setZero(0, packet.writerIndex()).release();
    }
  }
}
