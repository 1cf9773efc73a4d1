package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.codec.ResponseTracker;
import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import io.mysqltlsproxy.connection.CommandRelay.Inspector.Verdict;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.sslstatus.SslStatusFilter;
import io.mysqltlsproxy.tls.AlertWatch;
import io.mysqltlsproxy.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Constructor;
import java.util.Optional;

/**
 * Both legs of a connection as they are after a login, over channels in memory. It is in the
 * package of what it drives, so that nothing there need be public for it.
 *
 * @param client the leg towards the client
 * @param server the leg towards the server
 */
public record EmbeddedRelay(EmbeddedChannel client, EmbeddedChannel server) {

  /** What stands between the legs. */
  public enum Between {
    /** The proxy's own handlers. */
    PROXY,
    /** The proxy's own handlers, and the meters that are there with an admin port. */
    MEASURED_PROXY,
    /** Handlers that do nothing but pass on: what Netty costs without the proxy. */
    NOTHING
  }

  /**
   * Builds it.
   *
   * @param tls of the client's leg; its handshake is still to come
   * @param events learn of the traffic where it is measured
   */
  public static EmbeddedRelay of(Between between, Optional<ServerTls> tls, TrafficEvents events) {
    EmbeddedRelay relay = new EmbeddedRelay(new EmbeddedChannel(), new EmbeddedChannel());
    Optional<TrafficEvents> traffic =
        between == Between.MEASURED_PROXY ? Optional.of(events) : Optional.empty();
    Leg client = new Leg(relay.client, new EndHandler(new Failing(), Side.CLIENT), traffic);
    Leg server = new Leg(relay.server, new EndHandler(new Failing(), Side.SERVER), traffic);
    client.receive(Failing::packet);
    tls.ifPresent(
        made ->
            client.startTls(made.newHandler(client.allocator()), new AlertWatch(), () -> false));
    if (between == Between.NOTHING) {
      client.relay(new Pass(relay.server));
      server.relay(new Pass(relay.client));
    } else {
      ResponseTracker responses =
          new ResponseTracker(new Capabilities(Capabilities.CLIENT_PROTOCOL_41));
      CommandFrames frames = new CommandFrames(new SslStatusFilter(false), responses);
      CommandRelay commands =
          new CommandRelay(
              loggedIn(), relay.server, frames, responses, (packet, rest) -> Verdict.PASS);
      server.relay(new ResponseRelay(relay.client, responses, commands));
      client.relay(commands);
    }
    return relay;
  }

  /** No login went before, so the proof of one is made by force. */
  private static LoggedIn loggedIn() {
    try {
      Constructor<?> constructor = LoggedIn.class.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return (LoggedIn) constructor.newInstance(new Object[constructor.getParameterCount()]);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  public void close() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
  }

  /** The least that a relay can do. */
  private static final class Pass extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Pass(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      other.write(message, other.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      other.flush();
    }
  }
}
