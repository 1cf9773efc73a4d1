package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.netty.channel.Channel;
import java.util.Optional;

/** The leg towards the server, which knows what the server waits for and so how to leave it. */
final class ServerLeg {
  private final Leg leg;
  private ServerState state = new ServerState.Ungreeted();

  ServerLeg(Channel channel, EndHandler end, Optional<TrafficEvents> traffic) {
    leg = new Leg(channel, end, traffic);
    leg.begin(new ForeignServiceDetector());
  }

  Leg leg() {
    return leg;
  }

  /** The greeting has arrived. */
  void greeted(HandshakeV10 greeting) {
    state = new ServerState.Greeted(greeting);
  }

  /** A packet of the login has gone to the server, which will answer it. */
  void sent() {
    state = new ServerState.Authenticating();
  }

  /** The server has answered, and waits for the next packet of the login. */
  void answered() {
    state = new ServerState.AwaitingPacket();
  }

  /** The server has said ERR and ends the connection: it has nothing more to count. */
  void refused() {
    state = new ServerState.Refused();
  }

  /** The server has said OK, or has kept the user that it had. */
  void loggedIn() {
    state = new ServerState.Commands();
  }

  /** Sends COM_QUIT and closes, for an idle server. */
  void quit() {
    leg.restartSequence(0);
    leg.send(leg.allocator().buffer(1).writeByte(Command.COM_QUIT));
    leg.flushAndClose();
  }

  /** Ends the leg, in whatever state, so that the server has no failed handshake to count. */
  void end() {
    if (leg.channel().isActive()) {
      state.leave(new Farewell(this));
    } else {
      leg.flushAndClose();
    }
  }
}
