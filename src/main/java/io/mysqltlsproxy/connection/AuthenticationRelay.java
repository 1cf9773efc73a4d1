package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.auth.Authentication;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.auth.Step;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.protocol.AuthSwitchRequest;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ComChangeUser;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.OkPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;

/**
 * Relays an admitted login, or change of user, until the server says OK or ERR: one packet of the
 * client's for each of the server's. {@link Authentication} says what to do with each packet.
 * Sequence ids are counted separately on each leg, since only one side sees an answer of the
 * proxy's own.
 */
final class AuthenticationRelay implements PacketHandler.Receiver {

  /**
   * A client whom the rules have admitted and to whom the server has said OK. Only this relay can
   * make one, and no command is relayed without.
   */
  static final class LoggedIn {
    private final Admitted admitted;
    private final Session session;

    private LoggedIn(Admitted admitted, Session session) {
      this.admitted = admitted;
      this.session = session;
    }

    Admitted admitted() {
      return admitted;
    }

    Session session() {
      return session;
    }
  }

  /** How it can end. The payloads have not been sent to the client. */
  interface Outcome {
    /**
     * The server said OK.
     *
     * @param ok the OK_Packet for the client; to be taken over
     */
    void authenticated(Authenticating phase, LoggedIn who, ByteBuf ok);

    /**
     * The server said ERR.
     *
     * @param error the ERR_Packet; valid during the call
     */
    void denied(Authenticating phase, ByteBuf error);

    /** It cannot go on; neither side has been told. */
    void impossible(ErrPacket error);
  }

  /**
   * The most packets of a server's, no plugin needs a tenth of them. Well below 256, so that no
   * packet of the client's can get the sequence id 0 of a command.
   */
  private static final int MAX_PACKETS = 100;

  private final Authenticating phase;
  private final Session session;
  private final Leg client;
  private final ServerLeg server;
  private final Authentication authentication;
  private final Outcome outcome;
  private int packets;

  /**
   * Prepares the relay.
   *
   * @param phase has what the rules said; nothing is relayed without
   * @param plugin the plugin that the client's first packet is made for; empty where the client
   *     knows no plugins
   */
  AuthenticationRelay(
      Authenticating phase,
      String plugin,
      PluginExchanges plugins,
      Leg client,
      ServerLeg server,
      Outcome outcome) {
    this.phase = phase;
    this.session = phase.session();
    this.client = client;
    this.server = server;
    this.authentication =
        new Authentication(
            plugins,
            phase.ruling().decision(),
            session.proof(),
            plugin,
            session.greeting().scramble());
    this.outcome = outcome;
  }

  /** Sends the client's login on. */
  void login(HandshakeResponse response, ByteBuf packet) {
    client.receive(this);
    server.leg().receive(this::fromServer);
    response.writeCapabilities(packet, server.isEncrypted());
    authentication
        .initialResponse(response.authResponse(packet), response.longestAuthResponse())
        .take(new LoginActions(response, packet));
  }

  /**
   * Sends the client's change of user on, which begins a new command.
   *
   * @param rest what has come from the client behind it
   */
  void changeUser(ComChangeUser command, ByteBuf packet, ByteBuf rest) {
    client.receive(this, rest.retain());
    server.leg().receive(this::fromServer);
    client.restartSequence(1);
    server.leg().restartSequence(0);
    Step step = authentication.initialResponse(command.authResponse(packet), 0);
    if (step.equals(Step.RELAY)) {
      toServer(packet.retain());
      return;
    }
    // The response was made for a scramble of the past: without one, the server asks for another.
    authentication.end();
    toServer(command.withoutAuthResponse(packet, server.leg().allocator()));
  }

  /** A packet from the client. */
  @Override
  public void receive(ByteBuf packet) {
    authentication.fromClient(packet).take(new StepActions(() -> toServer(packet.retain())));
  }

  /** The login is over, or one of the two is gone. */
  @Override
  public void end() {
    authentication.end();
  }

  private void fromServer(ByteBuf packet) throws MalformedPacketException {
    if (++packets > MAX_PACKETS) {
      throw new MalformedPacketException(
          "an authentication of more than " + MAX_PACKETS + " packets without an end");
    }
    int header = packet.isReadable() ? packet.getUnsignedByte(packet.readerIndex()) : -1;
    boolean nextFactor =
        header == AuthSwitchRequest.NEXT_FACTOR_HEADER
            && session.capabilities().has(Capabilities.MULTI_FACTOR_AUTHENTICATION);
    if (header == OkPacket.HEADER) {
      server.loggedIn();
      LoggedIn who = new LoggedIn(phase.ruling().decision(), session);
      outcome.authenticated(phase, who, okForClient(packet));
    } else if (header == ErrPacket.HEADER) {
      server.refused();
      authentication.denied(packet).take(new StepActions(() -> outcome.denied(phase, packet)));
    } else if (header == AuthSwitchRequest.HEADER || nextFactor) {
      authentication.switched(AuthSwitchRequest.decode(packet)).take(new ServerActions(packet));
    } else {
      authentication.fromServer(packet).take(new ServerActions(packet));
    }
  }

  private ByteBuf okForClient(ByteBuf packet) throws MalformedPacketException {
    ByteBuf ok = OkPacket.withoutRedirect(packet, session.capabilities(), client.allocator());
    Optional<byte[]> info = authentication.proof();
    if (info.isEmpty() || !session.capabilities().has(Capabilities.CLIENT_PROTOCOL_41)) {
      return ok;
    }
    try {
      return OkPacket.withProof(ok, info.get(), client.allocator());
    } finally {
      ok.release();
    }
  }

  private void toServer(ByteBuf payload) {
    server.sent();
    server.leg().sendAndWipe(payload);
    server.leg().request();
  }

  private void toClient(ByteBuf payload) {
    client.send(payload);
    client.request();
  }

  /** What most packets ask for. */
  private class StepActions implements Step.Actions {
    private final Runnable relay;

    StepActions(Runnable relay) {
      this.relay = relay;
    }

    @Override
    public final void relay() {
      relay.run();
    }

    @Override
    public void inform() {
      relay.run();
    }

    @Override
    public void answerServer(byte[] payload) {
      toServer(Unpooled.wrappedBuffer(payload));
    }

    @Override
    public void answerClient(byte[] payload) {
      toClient(Unpooled.wrappedBuffer(payload));
    }

    @Override
    public void refuse(ErrPacket error) {
      outcome.impossible(error);
    }
  }

  /** The login goes to the server whatever the client and the proxy say to each other before. */
  private final class LoginActions extends StepActions {
    private final HandshakeResponse response;
    private final ByteBuf login;

    LoginActions(HandshakeResponse response, ByteBuf login) {
      super(() -> toServer(login.retain()));
      this.response = response;
      this.login = login;
    }

    @Override
    public void answerServer(byte[] payload) {
      toServer(response.withAuthResponse(login, payload, server.leg().allocator()));
      Arrays.fill(payload, (byte) 0);
    }

    /** The login waits for what the client says to that. */
    @Override
    public void answerClient(byte[] payload) {
      client.receive(
          new HeldLogin(login) {
            @Override
            public void receive(ByteBuf answer) {
              use(held -> release(held, answer));
            }
          });
      super.answerClient(payload);
    }

    private void release(ByteBuf held, ByteBuf answer) {
      client.receive(AuthenticationRelay.this);
      authentication.fromClient(answer).take(new LoginActions(response, held));
    }
  }

  /** The server has said something to which the client has an answer. */
  private final class ServerActions extends StepActions {
    private final ByteBuf packet;

    ServerActions(ByteBuf packet) {
      super(
          () -> {
            server.answered();
            toClient(packet.retain());
            server.leg().request();
          });
      this.packet = packet;
    }

    @Override
    public void inform() {
      client.send(packet.retain());
      server.leg().request();
    }

    @Override
    public void answerServer(byte[] payload) {
      server.answered();
      super.answerServer(payload);
    }

    @Override
    public void refuse(ErrPacket error) {
      server.answered();
      super.refuse(error);
    }
  }
}
