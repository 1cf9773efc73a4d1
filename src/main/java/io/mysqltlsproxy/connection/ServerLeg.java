package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.net.ProxyHeader;
import io.mysqltlsproxy.option.ProxyProtocol;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.SslRequest;
import io.mysqltlsproxy.tls.AlertWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;

/** The leg towards the server, which knows what the server waits for and so how to leave it. */
final class ServerLeg {
  private final Leg leg;
  private final HostErrors hostErrors;
  private boolean counted;
  private boolean encrypted;
  private ServerState state = new ServerState.Ungreeted();

  ServerLeg(
      Channel channel, EndHandler end, Optional<TrafficEvents> traffic, HostErrors hostErrors) {
    this.hostErrors = hostErrors;
    leg = new Leg(channel, end, traffic);
    leg.begin(new ForeignServiceDetector());
  }

  Leg leg() {
    return leg;
  }

  /**
   * Sends a PROXY header, where the server gets one.
   *
   * @param client whose connection it is; the proxy's own where nobody knows
   */
  void announce(ProxyProtocol version, Optional<ProxyHeader> client) {
    if (version != ProxyProtocol.OFF) {
      leg.announce(ProxyHeader.toServer(version, client, leg.allocator()));
    }
  }

  /** The greeting has arrived. */
  void greeted(HandshakeV10 greeting) {
    counted = hostErrors.areCounted(greeting, leg.channel().remoteAddress());
    state = new ServerState.Greeted(greeting);
  }

  /**
   * Asks for TLS and begins it, as a client.
   *
   * @param request what is asked for
   * @param packet the same as the SSLRequest's payload; taken over
   */
  void startTls(SslRequest request, ByteBuf packet, SslHandler handler, AlertWatch alerts) {
    state = new ServerState.TlsHandshake(request);
    leg.send(packet);
    leg.startTls(handler, alerts, () -> false);
  }

  /** TLS has been agreed on, and the server waits for a login. */
  void encrypted(SslRequest request) {
    encrypted = true;
    state = new ServerState.Encrypted(request);
  }

  boolean isEncrypted() {
    return encrypted;
  }

  /** A packet of the login has gone to the server, which will answer it. */
  void sent() {
    state = new ServerState.Authenticating();
  }

  /** Whether the server has a packet of a login to answer. */
  boolean owesAnswer() {
    return state instanceof ServerState.Authenticating;
  }

  /** Whether the server has greeted and still waits for the first packet of a login. */
  boolean awaitsLogin() {
    return state instanceof ServerState.Greeted || state instanceof ServerState.Encrypted;
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

  HostErrors hostErrors() {
    return hostErrors;
  }

  /** Whether the server counts a login against this host, if it does not know the user. */
  boolean isCounted() {
    return counted;
  }

  /** When the connection was asked for, as {@link System#nanoTime}. */
  long openedAt() {
    return ServerDoor.openedAt(leg.channel());
  }

  EventLoop loop() {
    return leg.channel().eventLoop();
  }

  /** Sends COM_QUIT and closes, for an idle server. */
  void quit() {
    leg.restartSequence(0);
    leg.send(leg.allocator().buffer(1).writeByte(Command.COM_QUIT));
    leg.flushAndClose();
  }

  /** What it says is not the protocol: without a greeting, there is no handshake to complete. */
  void failed() {
    if (state instanceof ServerState.Ungreeted) {
      leg.close();
    }
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
