package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
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
import java.util.function.Consumer;

/**
 * Takes an admitted login, or change of user, to the server's OK or ERR. One packet of the client's
 * goes on for each of the server's; sequence ids are counted on each leg alone, since an answer
 * that the proxy gives itself is seen by one side only.
 */
final class AuthenticationRelay implements PacketHandler.Receiver {

  /**
   * How it can end.
   *
   * @param authenticated the server said OK, and the client has it
   * @param denied the server said ERR, in a payload that the client has not got yet and that is
   *     released after the call
   * @param impossible it cannot go on; neither side has been told
   */
  record Outcome(
      Runnable authenticated, Consumer<ByteBuf> denied, Consumer<ErrPacket> impossible) {}

  /**
   * The most packets of a server's, no plugin needs a tenth of them. Well below 256, so that no
   * packet of the client's can get the sequence id 0 of a command: what arrives here may also be
   * the rows of a command that was sent before a change of user.
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
    this.exchange = plugins.start(plugin, scramble, admitted.login().transport().isEncrypted());
  }

  /** Sends the client's login on. */
  void login(HandshakeResponse response, ByteBuf packet) {
    client.receive(this);
    server.leg().receive(this::fromServer);
    response.writeCapabilities(packet);
    Step step =
        exchange.initialResponse(response.authResponse(packet), response.longestAuthResponse());
    if (step instanceof Step.AnswerServer answer) {
      toServer(response.withAuthResponse(packet, answer.payload(), server.leg().allocator()));
    } else {
      take(step, () -> toServer(packet.retain()));
    }
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
    ByteBuf response = command.authResponse(packet);
    if (exchange.initialResponse(response, 0) instanceof Step.Relay) {
      toServer(packet.retain());
    } else {
      // The server will ask for it, and only then is the scramble known.
      exchange.end();
      toServer(command.withoutAuthResponse(packet, server.leg().allocator()));
      response.setZero(0, response.capacity());
    }
  }

  /** A packet from the client. */
  @Override
  public void receive(ByteBuf packet) {
    take(exchange.fromClient(packet), () -> toServer(packet.retain()));
  }

  /** The login is over, or one of the two is gone. */
  @Override
  public void end() {
    exchange.end();
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
      client.send(OkPacket.withoutRedirect(packet, session.capabilities(), client.allocator()));
      outcome.authenticated().run();
    } else if (header == ErrPacket.HEADER) {
      take(exchange.denied(packet), () -> outcome.denied().accept(packet));
    } else if (header == AuthSwitchRequest.HEADER || nextFactor) {
      AuthSwitchRequest request = AuthSwitchRequest.decode(packet);
      if (request.data().length > 0) {
        scramble = request.data();
      }
      exchange.end();
      exchange =
          plugins.start(request.pluginName(), scramble, admitted.login().transport().isEncrypted());
      fromServer(exchange.requested(), packet);
    } else {
      fromServer(exchange.fromServer(packet), packet);
    }
  }

  private void fromServer(Step step, ByteBuf packet) {
    if (step instanceof Step.Inform) {
      client.send(packet.retain());
      server.leg().request();
      return;
    }
    server.answered();
    take(
        step,
        () -> {
          client.send(packet.retain());
          client.request();
          server.leg().request();
        });
  }

  private void take(Step step, Runnable relay) {
    if (step instanceof Step.Refuse refuse) {
      outcome.impossible().accept(refuse.error());
    } else if (step instanceof Step.AnswerServer answer) {
      toServer(Unpooled.wrappedBuffer(answer.payload()));
    } else {
      relay.run();
    }
  }

  private void toServer(ByteBuf payload) {
    server.sent();
    server.leg().sendAndWipe(payload);
    server.leg().request();
  }
}
