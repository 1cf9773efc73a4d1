package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingGreeting;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingLogin;
import io.mysqltlsproxy.connection.ClientPhase.AwaitingSslRequest;
import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.connection.ClientPhase.Connecting;
import io.mysqltlsproxy.connection.CommandRelay.Inspector.Verdict;
import io.mysqltlsproxy.connection.ConnectionLimits.Permit;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ComChangeUser;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.SslRequest;
import io.mysqltlsproxy.sslstatus.SslStatusQuery;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * One client's connection, from {@link ConnectionAcceptor} on, with a method for each step:
 *
 * <pre>
 * connected → greeted → sslRequested → encrypted → loggedIn → admitted → authenticated → commanded
 *                            └─ a plain login, where allowed ─┘              ↑               │
 *                                                                            └─ userChanged ─┘
 * </pre>
 *
 * Each step takes the {@link ClientPhase} that the step before it has reached, and continues only
 * if the connection is still in it. {@link ClientEncryption} and {@link ServerEncryption} do the
 * TLS handshakes, {@link Admission} asks the rules, {@link ServerLogin} sends the login to the
 * server, and {@link Lifecycle} ends the connection. Both legs use the same event loop, so nothing
 * here needs a lock.
 */
final class Connection implements AuthenticationRelay.Outcome {
  private final ConnectionSettings settings;
  private final Lifecycle life;
  private final Permit permit;
  private final Leg client;
  private final ServerLeg server;
  private final Admission admission;
  private final ServerLogin login;

  private Connection(ConnectionSettings settings, Lifecycle life, Permit permit, ServerLeg server) {
    this.settings = settings;
    this.life = life;
    this.permit = permit;
    this.client = life.client();
    this.server = server;
    this.admission = new Admission(settings, life);
    this.login = new ServerLogin(settings, life, server, admission, this);
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
      life.end(failures -> failures.refusedByServer(packet));
      return;
    }
    HandshakeV10 greeting = HandshakeV10.decode(packet);
    SecurityPolicy policy = settings.policy().get();
    if (policy.towardsServer().isPresent() && !greeting.offersTls()) {
      server.greeted(greeting);
      life.end(Failures::withoutTls);
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
    if (request.asksForTls()) {
      new ClientEncryption(settings, life, this::encrypted).begin(phase, request.capabilities());
      return;
    }
    AwaitingLogin next = phase.withoutTls(request.capabilities());
    if (life.move(phase, next)) {
      loggedIn(next, packet);
    }
  }

  /** Certificates may be revoked between the handshake and the login. */
  private void encrypted(AwaitingLogin phase, SecurityPolicy policy) {
    client.receive(
        packet -> {
          if (admission.isStillTrusted(policy)) {
            loggedIn(phase, packet);
          }
        });
    client.request();
  }

  private void loggedIn(AwaitingLogin phase, ByteBuf packet) throws MalformedPacketException {
    Session session = phase.session();
    Capabilities wished = phase.wished().with(SslRequest.decode(packet).capabilities().bits());
    session.greeting().checkCompression(wished);
    HandshakeResponse response = HandshakeResponse.decode(packet, session.capabilities());
    Optional<Ruling> ruling = admission.ofLogin(session, response);
    if (ruling.isPresent()) {
      admitted(phase, ruling.get(), response, packet);
    }
  }

  private void admitted(
      AwaitingLogin phase, Ruling ruling, HandshakeResponse response, ByteBuf packet)
      throws MalformedPacketException {
    if (ruling.by().towardsServer().isPresent()) {
      new ServerEncryption(settings, life, server, login::sendAsItIs)
          .begin(phase, ruling, response, packet);
      return;
    }
    Authenticating next = phase.admitted(ruling, response.characterSet());
    if (life.move(phase, next)) {
      login.send(next, response, packet);
    }
  }

  @Override
  public void authenticated(Authenticating phase, LoggedIn who, ByteBuf ok) {
    Commands next = phase.authenticated(who);
    if (!admission.isStillGood(phase) || !life.move(phase, next)) {
      ok.release();
      return;
    }
    permit.loggedIn();
    life.loggedIn(phase);
    relay(next, ok);
  }

  /** After a change of user that it has refused, the server goes on with the user before. */
  @Override
  public void denied(Authenticating phase, ByteBuf error) {
    Optional<Commands> next = phase.denied();
    if (next.isEmpty()) {
      life.end(failures -> failures.deniedByServer(error));
    } else if (life.move(phase, next.get())) {
      server.loggedIn();
      phase.ruling().audit().ended(CloseReason.DENIED_BY_SERVER);
      relay(next.get(), error.retain());
    }
  }

  @Override
  public void impossible(ErrPacket error) {
    life.end(failures -> failures.impossible(error));
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

  /** A query that may be about TLS, or a change of user. */
  private Verdict commanded(Commands phase, ByteBuf packet, ByteBuf rest)
      throws MalformedPacketException {
    if (!SslStatusQuery.isQuery(packet)) {
      userChanged(phase, packet, rest);
      return Verdict.TAKEN;
    }
    if (phase.isFollowed()) {
      new TlsQuestions(settings, server).asked(phase.who().session(), packet);
    }
    return Verdict.PASS;
  }

  private void userChanged(Commands phase, ByteBuf packet, ByteBuf rest)
      throws MalformedPacketException {
    client.wipeRecordOf(packet);
    if (!phase.isFollowed()) {
      throw new MalformedPacketException(
          "COM_CHANGE_USER when it is not known what the server answers: "
              + phase.responses().problem());
    }
    Session session = phase.who().session();
    ComChangeUser command = ComChangeUser.decode(packet, session.capabilities());
    Optional<Ruling> ruling = admission.ofChangeUser(session, command);
    if (ruling.isEmpty()) {
      return;
    }
    Authenticating next = phase.changeUser(ruling.get(), command.characterSet());
    if (life.move(phase, next)) {
      login.changeUser(next, command, packet, rest);
    }
  }
}
