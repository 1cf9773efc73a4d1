package io.mysqltlsproxy.net;

import io.mysqltlsproxy.option.Backend;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens connections to the server. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
public final class ServerConnector {

  /** What Netty puts before the system's own words. */
  private static final Pattern FAILED_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  private final Bootstrap template;
  private final @Nullable InetSocketAddress named;
  private final AddressResolverGroup<InetSocketAddress> resolver;
  private final SilentAddresses silent = new SilentAddresses(System::nanoTime);

  /** The addresses from which it is connected to the server. */
  private final Set<Ends> own = ConcurrentHashMap.newKeySet();

  /**
   * Makes a connector.
   *
   * @param all gets every connection for as long as it lasts
   */
  public ServerConnector(
      Backend backend,
      Transports transports,
      AddressResolverGroup<InetSocketAddress> resolver,
      ChannelGroup all) {
    this.resolver = resolver;
    template =
        new Bootstrap()
            .disableResolver()
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel server) {
                    all.add(server);
                  }
                })
            .option(ChannelOption.AUTO_READ, false)
            // What a server said before it closed is to be read, though writing to it fails.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, Buffering.READS)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Buffering.WATER_MARK);
    if (backend instanceof Backend.Tcp tcp) {
      InetSocketAddress address = address(tcp);
      named = address.isUnresolved() ? address : null;
      template
          .channel(transports.tcp())
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.SO_KEEPALIVE, true)
          .remoteAddress(address);
    } else {
      named = null;
      template
          .channel(transports.unix())
          .remoteAddress(transports.unixAddress(((Backend.UnixSocket) backend).path()));
    }
  }

  /**
   * Connects on the given event loop, and tells there how it went. The addresses of a name are
   * tried in turn.
   *
   * @param timeout for the lookup and every attempt together
   * @param connected takes a channel that does not read by itself
   */
  public void connect(
      EventLoop loop, Duration timeout, Consumer<Channel> connected, Consumer<Throwable> failed) {
    Bootstrap bootstrap = template.clone(loop);
    if (named == null) {
      bootstrap
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
          .connect()
          .addListener(
              (ChannelFuture future) -> {
                if (future.isSuccess()) {
                  take(future.channel(), connected, failed);
                } else {
                  // A channel that could not even be made fails on a thread of its own.
                  loop.execute(() -> failed.accept(future.cause()));
                }
              });
      return;
    }
    ConnectAttempts attempts =
        new ConnectAttempts(
            bootstrap, loop, timeout, silent, channel -> take(channel, connected, failed), failed);
    resolver
        .getResolver(loop)
        .resolveAll(named)
        .addListener(
            (Future<List<InetSocketAddress>> found) -> {
              if (found.isSuccess()) {
                attempts.begin(found.getNow());
              } else {
                failed.accept(found.cause());
              }
            });
  }

  /** What the taker throws, Netty would only log, and leave both sides waiting. */
  private void take(Channel server, Consumer<Channel> connected, Consumer<Throwable> failed) {
    remember(server);
    try {
      connected.accept(server);
    } catch (RuntimeException | Error e) {
      server.close();
      failed.accept(e);
    }
  }

  /**
   * Both ends of a connection. One alone proves nothing: a client and the proxy may use the same
   * port of the same address at once, towards different destinations.
   */
  private record Ends(SocketAddress from, SocketAddress to) {}

  private void remember(Channel server) {
    if (server.localAddress() instanceof InetSocketAddress from
        && server.remoteAddress() instanceof InetSocketAddress to) {
      Ends ends = new Ends(from, to);
      own.add(ends);
      server.closeFuture().addListener(closed -> own.remove(ends));
    }
  }

  /**
   * Whether a client's connection is the other side of one which this has made: then the server's
   * address leads back to the proxy.
   */
  public boolean isOwn(Channel accepted) {
    SocketAddress from = accepted.remoteAddress();
    SocketAddress to = accepted.localAddress();
    return from != null && to != null && own.contains(new Ends(from, to));
  }

  /** An address that needs no looking up, where the option gives one; else a name. */
  private static InetSocketAddress address(Backend.Tcp tcp) {
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(tcp.host());
    return literal == null
        ? InetSocketAddress.createUnresolved(tcp.host(), tcp.port())
        : new InetSocketAddress(literal, tcp.port());
  }

  /** Says in a few words why a connection could not be made. */
  public static String describe(Throwable cause) {
    if (cause instanceof ConnectAttempts.AllFailedException) {
      return String.valueOf(cause.getMessage());
    }
    if (cause instanceof UnknownHostException) {
      return "unknown host";
    }
    if (cause instanceof ConnectTimeoutException) {
      return "connection timed out";
    }
    if (cause instanceof FileNotFoundException) {
      return "no such socket";
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("Connection reset")) {
      return "it closed the connection before its greeting";
    }
    String reason = FAILED_CALL.matcher(message).replaceFirst("");
    int address = reason.indexOf(": /");
    return address < 0 ? reason : reason.substring(0, address);
  }
}
