package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ClientPhase.Connecting;
import io.mysqltlsproxy.connection.ConnectionLimits.Permit;
import io.mysqltlsproxy.net.Guard;
import io.mysqltlsproxy.net.OpenFiles;
import io.mysqltlsproxy.net.ProxyHeader;
import io.mysqltlsproxy.net.ProxyHeaderReader;
import io.mysqltlsproxy.net.UnixPeer;
import io.mysqltlsproxy.option.ProxyProtocol;
import io.mysqltlsproxy.option.SocketUsers;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * From a client's arrival to a connection to the server, which comes first since the greeting is
 * its own: whether there is a permit, whose address counts behind a balancer, and then {@link
 * Connection}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class ConnectionAcceptor {
  private final ConnectionSettings settings;
  private final ServerDoor door;
  private final Lifecycle life;
  private final Permit permit;
  private final Channel channel;

  private ConnectionAcceptor(
      ConnectionSettings settings,
      ServerDoor door,
      Lifecycle life,
      Permit permit,
      Channel channel) {
    this.settings = settings;
    this.door = door;
    this.life = life;
    this.permit = permit;
    this.channel = channel;
  }

  /** A client is here. */
  static void accepted(
      ConnectionSettings settings, ServerDoor door, LiveConnections all, Channel channel) {
    Lifecycle life = new Lifecycle(settings, all, channel);
    if (!isAllowed(settings.socketUsers(), channel)) {
      life.notAllowed();
      return;
    }
    Permit permit;
    try {
      permit = settings.limits().take(life.peer());
    } catch (ConnectionLimits.Full e) {
      // Who waits for a server that stands still holds the places, and that is the reason to give.
      door.obstacle().ifPresentOrElse(life::unreachableBeyondLimit, () -> life.rejected(e));
      return;
    }
    permit.releaseWith(channel);
    if (door.isOwn(channel)) {
      life.end(Failures::leadsBack);
      return;
    }
    new ConnectionAcceptor(settings, door, life, permit, channel).admitted(life.connecting());
  }

  /** By TCP everybody is; by the Unix socket nobody of whom the system does not say who it is. */
  private static boolean isAllowed(SocketUsers users, Channel channel) {
    return users.everyone()
        || channel.localAddress() instanceof InetSocketAddress
        || UnixPeer.of(channel)
            .filter(peer -> users.admits(peer.user(), peer.groups()))
            .isPresent();
  }

  private void admitted(Connecting phase) {
    if (!life.peer().isIn(settings.balancers())) {
      connect(phase);
    } else if (settings.backendProxyProtocol() == ProxyProtocol.OFF) {
      life.client().begin(new ProxyHeaderReader(/* required= */ false, this::announced));
      connect(phase);
    } else {
      announcedFirst(phase);
    }
  }

  /** The server must be told the client's address first, so the balancer must tell the proxy. */
  private void announcedFirst(Connecting phase) {
    ClientPhase.ProxyHeader waiting = phase.awaitHeader();
    life.move(phase, waiting);
    life.client()
        .begin(
            new ProxyHeaderReader(
                /* required= */ true,
                header -> {
                  Connecting next = waiting.announced();
                  if (life.move(waiting, next)) {
                    announced(header);
                    connect(next);
                  }
                }));
    life.client()
        .receive(
            packet -> {
              throw new MalformedPacketException("a packet before the greeting");
            });
    life.client().request();
  }

  /** A balancer has said whose connection it is, and whose share it counts to. */
  private void announced(Optional<ProxyHeader> header) {
    if (life.isOver()) {
      return;
    }
    life.announced(header);
    try {
      permit.moveTo(life.peer());
    } catch (ConnectionLimits.Full e) {
      life.rejected(e);
    }
  }

  private void connect(Connecting phase) {
    if (life.isOver()) {
      return;
    }
    permit.retain();
    settings.hostErrors().connect(channel.eventLoop(), () -> connect(phase, System.nanoTime()));
  }

  private void connect(Connecting phase, long begun) {
    door.connect(
        channel.eventLoop(),
        settings.connectTimeout(),
        server -> {
          permit.releaseWith(server);
          try {
            settings.events().serverConnected(Duration.ofNanos(System.nanoTime() - begun));
            connected(phase, server);
          } catch (RuntimeException | Error e) {
            // Not the server's fault, and its place is released with it.
            server.close();
            channel.pipeline().fireExceptionCaught(e);
          }
        },
        cause ->
            Guard.task(
                    channel,
                    () -> {
                      permit.release();
                      notConnected(cause);
                    })
                .run());
  }

  private void connected(Connecting phase, Channel server) {
    // Accepted on another thread, it may not have been known for one of the proxy's own.
    if (door.isOwn(channel)) {
      life.connected(server);
      life.end(Failures::leadsBack);
      return;
    }
    Connection.connected(settings, life, permit, life.connected(server), phase);
  }

  private void notConnected(Throwable cause) {
    if (OpenFiles.areExhausted(cause)) {
      life.rejected(settings.limits().outOfFiles());
    } else {
      life.end(failures -> failures.unreachable(cause));
    }
  }
}
