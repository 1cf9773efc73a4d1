package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.OkPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Leaves a server without harm. A server counts connections that end during the handshake, and
 * after {@code max_connect_errors} of them it blocks the host they came from: the proxy. So a
 * handshake that has begun is completed, as a login without a password that the server refuses,
 * which does not count.
 */
final class Farewell implements ServerState.Exit {
  /** How long a handshake may take to end. */
  static final int TIMEOUT_SECONDS = 5;

  private static final int MAX_PACKETS = 16;

  private final ServerLeg server;
  private final Leg leg;
  private int packets;

  Farewell(ServerLeg server) {
    this.server = server;
    this.leg = server.leg();
  }

  @Override
  public void awaitGreeting() {
    expect(packet -> logInAsNobody(HandshakeV10.decode(packet)));
  }

  @Override
  public void logInAsNobody(HandshakeV10 greeting) {
    if (!greeting.capabilities().has(Capabilities.CLIENT_PROTOCOL_41)) {
      leg.close();
      return;
    }
    ByteBuf login = leg.allocator().buffer();
    HandshakeResponse.encodePasswordless(
        login, HandshakeResponse.NOBODY, greeting.capabilities(), greeting.authPluginName());
    leg.send(login);
    awaitAnswer();
  }

  @Override
  public void awaitAnswer() {
    expect(
        packet -> {
          if (OkPacket.isAt(packet)) {
            server.quit();
          } else {
            answerNothing();
          }
        });
  }

  @Override
  public void answerNothing() {
    leg.send(Unpooled.EMPTY_BUFFER);
    awaitAnswer();
  }

  @Override
  public void close() {
    leg.flushAndClose();
  }

  private void expect(PacketHandler.Receiver next) {
    if (packets == 0) {
      leg.closeAfter(TIMEOUT_SECONDS);
    }
    leg.receive(
        packet -> {
          if (ErrPacket.isAt(packet) || ++packets > MAX_PACKETS) {
            leg.close();
          } else {
            next.receive(packet);
          }
        });
    leg.request();
  }
}
