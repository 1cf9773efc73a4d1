package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.OkPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leg towards the server, which knows how to leave it without harm. A server counts connections
 * that end in the middle of the handshake, and after {@code max_connect_errors} of them it blocks
 * the host they came from: the proxy. So a handshake that has begun is led to its end, as a login
 * without a password that the server refuses, which does not count.
 */
final class ServerLeg {
  /** How long a handshake may take to end. */
  static final int FAREWELL_SECONDS = 5;

  private static final int MAX_FAREWELL_PACKETS = 16;

  private final Leg leg;
  private @Nullable HandshakeV10 greeting;
  private boolean loginSent;
  private boolean loggedIn;
  private boolean serverWaits;
  private int farewellPackets;

  ServerLeg(Channel channel, EndHandler end, Optional<TrafficEvents> traffic) {
    leg = new Leg(channel, end, traffic);
  }

  Leg leg() {
    return leg;
  }

  /** The greeting has come. */
  void greeted(HandshakeV10 received) {
    greeting = received;
  }

  /** A packet of the login has gone to the server, which will answer it. */
  void sent() {
    loginSent = true;
    loggedIn = false;
    serverWaits = false;
  }

  /** The server has answered, and waits for the next packet of the login. */
  void answered() {
    serverWaits = true;
  }

  void loggedIn() {
    loggedIn = true;
  }

  /** Takes leave of a server that waits for the next command, or for nothing of the client's. */
  void quit() {
    leg.restartSequence(0);
    leg.send(leg.allocator().buffer(1).writeByte(Command.COM_QUIT));
    leg.flushAndClose();
  }

  /** Ends the leg, wherever it stands, so that the server has nothing to count. */
  void end() {
    if (loggedIn || !leg.channel().isActive()) {
      leg.flushAndClose();
      return;
    }
    leg.receive(this::farewell);
    leg.closeAfter(FAREWELL_SECONDS);
    if (loginSent) {
      if (serverWaits) {
        leg.send(Unpooled.EMPTY_BUFFER);
      }
      leg.request();
    } else if (greeting == null) {
      leg.request();
    } else {
      logInAsNobody(greeting);
    }
  }

  private void logInAsNobody(HandshakeV10 received) {
    if (!received.capabilities().has(Capabilities.CLIENT_PROTOCOL_41)) {
      leg.close();
      return;
    }
    ByteBuf login = leg.allocator().buffer();
    HandshakeResponse.encodePasswordless(
        login, HandshakeResponse.NOBODY, received.capabilities(), received.authPluginName());
    loginSent = true;
    leg.send(login);
    leg.request();
  }

  private void farewell(ByteBuf packet) throws MalformedPacketException {
    int first = packet.isReadable() ? packet.getUnsignedByte(packet.readerIndex()) : -1;
    if (first == ErrPacket.HEADER || ++farewellPackets > MAX_FAREWELL_PACKETS) {
      leg.close();
    } else if (!loginSent) {
      logInAsNobody(HandshakeV10.decode(packet));
    } else if (first == OkPacket.HEADER) {
      quit();
    } else {
      leg.send(Unpooled.EMPTY_BUFFER);
      leg.request();
    }
  }
}
