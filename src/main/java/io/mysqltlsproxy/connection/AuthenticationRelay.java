package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.auth.PasswordProof;
import io.mysqltlsproxy.auth.PluginExchange;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.auth.Step;
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
 * Takes an admitted login, or change of user, to the server's OK or ERR. One packet of the client's
 * goes on for each of the server's; sequence ids are counted on each leg alone, since an answer
 * that the proxy gives itself is seen by one side only.
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

  /**
   * How it can end. The payloads have not been sent to the client, and are released by the caller.
   */
  interface Outcome {
    /**
     * The server said OK.
     *
     * @param ok the OK_Packet for the client; to be taken over
     */
    void authenticated(LoggedIn who, ByteBuf ok);

    /**
     * The server said ERR.
     *
     * @param error the ERR_Packet; valid during the call
     */
    void denied(ByteBuf error);

    /** It cannot go on; neither side has been told. */
    void impossible(ErrPacket error);
  }

  /**
   * The most packets of a server's, no plugin needs a tenth of them. Well below 256, so that no
   * packet of the client's can get the sequence id 0 of a command.
   */
  private static final int MAX_PACKETS = 100;

  private final Leg client;
  private final ServerLeg server;
  private final PluginExchanges plugins;
  private final Admitted admitted;
  private final Session session;
  private final Outcome outcome;
  private byte[] scramble;
  private PluginExchange exchange;
  private String plugin;
  private int packets;

  /**
   * Prepares the relay.
   *
   * @param admitted what the rules said; nothing is relayed without
   * @param plugin the plugin that the client's first packet is made for; empty where the client
   *     knows no plugins
   */
  AuthenticationRelay(
      Admitted admitted,
      Session session,
      Leg client,
      ServerLeg server,
      PluginExchanges plugins,
      String plugin,
      Outcome outcome) {
    this.session = session;
    this.admitted = admitted;
    this.client = client;
    this.server = server;
    this.plugins = plugins;
    this.outcome = outcome;
    this.scramble = session.greeting().scramble();
    this.plugin = plugin;
    this.exchange = plugins.start(plugin, scramble, admitted.login().transport().isEncrypted());
  }

  /** Sends the client's login on. */
  void login(HandshakeResponse response, ByteBuf packet) {
    client.receive(this);
    server.leg().receive(this::fromServer);
    response.writeCapabilities(packet, server.isEncrypted());
    ByteBuf authResponse = response.authResponse(packet);
    remember(authResponse);
    exchange
        .initialResponse(authResponse, response.longestAuthResponse())
        .take(
            new StepActions(() -> toServer(packet.retain())) {
              @Override
              public void answerServer(byte[] payload) {
                toServer(response.withAuthResponse(packet, payload, server.leg().allocator()));
              }

              @Override
              public void answerClient(byte[] payload) {
                hold(response, packet);
                super.answerClient(payload);
              }
            });
  }

  /** The login waits for what the client says to an answer of the proxy's. */
  private void hold(HandshakeResponse response, ByteBuf packet) {
    client.receive(
        new HeldLogin(packet) {
          @Override
          public void receive(ByteBuf answer) {
            use(login -> release(response, login, answer));
          }
        });
  }

  private void release(HandshakeResponse response, ByteBuf login, ByteBuf answer) {
    client.receive(this);
    exchange
        .fromClient(answer)
        .take(
            new StepActions(() -> toServer(login.copy())) {
              @Override
              public void answerServer(byte[] payload) {
                toServer(response.withAuthResponse(login, payload, server.leg().allocator()));
                Arrays.fill(payload, (byte) 0);
              }
            });
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
    ByteBuf authResponse = command.authResponse(packet);
    remember(authResponse);
    exchange.initialResponse(authResponse, 0).take(new ChangeUserActions(command, packet));
  }

  /** A packet from the client. */
  @Override
  public void receive(ByteBuf packet) {
    remember(packet);
    exchange.fromClient(packet).take(new StepActions(() -> toServer(packet.retain())));
  }

  /** The login is over, or one of the two is gone. */
  @Override
  public void end() {
    exchange.end();
    session.proof().ifPresent(PasswordProof::forget);
  }

  /** What the client answers shows which password it knows. */
  private void remember(ByteBuf response) {
    session.proof().ifPresent(proof -> proof.responded(admitted.hashes(), plugin, response));
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
      outcome.authenticated(new LoggedIn(admitted, session), okForClient(packet));
    } else if (header == ErrPacket.HEADER) {
      server.refused();
      exchange.denied(packet).take(new StepActions(() -> outcome.denied(packet)));
    } else if (header == AuthSwitchRequest.HEADER || nextFactor) {
      AuthSwitchRequest request = AuthSwitchRequest.decode(packet);
      if (request.data().length > 0) {
        scramble = request.data();
      }
      session.proof().ifPresent(proof -> proof.switched(request));
      plugin = request.pluginName();
      exchange.end();
      exchange =
          plugins.start(request.pluginName(), scramble, admitted.login().transport().isEncrypted());
      fromServer(exchange.requested(), packet);
    } else {
      fromServer(exchange.fromServer(packet), packet);
    }
  }

  private ByteBuf okForClient(ByteBuf packet) throws MalformedPacketException {
    ByteBuf ok = OkPacket.withoutRedirect(packet, session.capabilities(), client.allocator());
    Optional<byte[]> info = session.proof().flatMap(proof -> proof.info(admitted.hashes(), plugin));
    if (info.isEmpty() || !session.capabilities().has(Capabilities.CLIENT_PROTOCOL_41)) {
      return ok;
    }
    try {
      return OkPacket.withProof(ok, info.get(), client.allocator());
    } finally {
      ok.release();
    }
  }

  private void fromServer(Step step, ByteBuf packet) {
    step.take(
        new StepActions(
            () -> {
              server.answered();
              client.send(packet.retain());
              client.request();
              server.leg().request();
            }) {
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
        });
  }

  private void toServer(ByteBuf payload) {
    server.sent();
    server.leg().sendAndWipe(payload);
    server.leg().request();
  }

  /** What most packets ask for. */
  private class StepActions implements Step.Actions {
    private final Runnable relay;

    StepActions(Runnable relay) {
      this.relay = relay;
    }

    @Override
    public void relay() {
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
      client.send(Unpooled.wrappedBuffer(payload));
      client.request();
    }

    @Override
    public void refuse(ErrPacket error) {
      outcome.impossible(error);
    }
  }

  /** A response made for a scramble of the past is left out: the server will ask for a new one. */
  private final class ChangeUserActions implements Step.Actions {
    private final ComChangeUser command;
    private final ByteBuf packet;

    ChangeUserActions(ComChangeUser command, ByteBuf packet) {
      this.command = command;
      this.packet = packet;
    }

    @Override
    public void relay() {
      toServer(packet.retain());
    }

    @Override
    public void inform() {
      withoutResponse();
    }

    @Override
    public void answerServer(byte[] payload) {
      withoutResponse();
    }

    @Override
    public void answerClient(byte[] payload) {
      withoutResponse();
    }

    @Override
    public void refuse(ErrPacket error) {
      withoutResponse();
    }

    private void withoutResponse() {
      exchange.end();
      toServer(command.withoutAuthResponse(packet, server.leg().allocator()));
      ByteBuf response = command.authResponse(packet);
      response.setZero(0, response.capacity());
    }
  }
}
