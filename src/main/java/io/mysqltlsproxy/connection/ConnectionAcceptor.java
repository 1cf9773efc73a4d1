package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ConnectionLimits.Permit;
import io.mysqltlsproxy.net.ProxyHeaderReader;
import io.mysqltlsproxy.net.ServerConnector;
import io.mysqltlsproxy.option.ProxyProtocol;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * From a client's arrival to a connection to the server, which comes first since the greeting is
 * its own: whether there is a place, whose address counts behind a balancer, and then {@link
 * Connection}.
 */
final class ConnectionAcceptor {
  private final ConnectionSettings settings;
  private final ServerConnector connector;
  private final Lifecycle life;
  private final Permit place;
  private final Channel channel;

  private ConnectionAcceptor(
      ConnectionSettings settings,
      ServerConnector connector,
      Lifecycle life,
      Permit place,
      Channel channel) {
    this.settings = settings;
    this.connector = connector;
    this.life = life;
    this.place = place;
    this.channel = channel;
  }

  /** A client is here. */
  static void accepted(
      ConnectionSettings settings,
      ServerConnector connector,
      LiveConnections all,
      Channel channel) {
    Lifecycle life = new Lifecycle(settings, all, channel);
    Permit place;
    try {
      place = settings.limits().take();
    } catch (ConnectionLimits.Full e) {
      life.noPlace(e);
      return;
    }
    place.releaseWith(channel);
    new ConnectionAcceptor(settings, connector, life, place, channel).placed();
  }

  private void placed() {
    if (!life.peer().isIn(settings.balancers())) {
      connect();
    } else if (settings.backendProxyProtocol() == ProxyProtocol.OFF) {
      life.client().begin(new ProxyHeaderReader(/* required= */ false, life::announced));
      connect();
    } else {
      announcedFirst();
    }
  }

  /** The server must be told the client's address first, so the balancer must tell the proxy. */
  private void announcedFirst() {
    life.enter(Phase.PROXY_HEADER);
    life.client()
        .begin(
            new ProxyHeaderReader(
                /* required= */ true,
                header -> {
                  if (!life.isOver()) {
                    life.announced(header);
                    life.enter(Phase.CONNECTING);
                    connect();
                  }
                }));
    life.client()
        .receive(
            packet -> {
              throw new MalformedPacketException("a packet before the greeting");
            });
    life.client().request();
  }

  private void connect() {
    place.retain();
    long begun = System.nanoTime();
    connector.connect(
        channel.eventLoop(),
        server -> {
          settings.events().serverConnected(Duration.ofNanos(System.nanoTime() - begun));
          place.releaseWith(server);
          Connection.connected(settings, life, place, life.connected(server));
        },
        cause -> {
          place.release();
          life.serverUnreachable(cause);
        });
  }
}
