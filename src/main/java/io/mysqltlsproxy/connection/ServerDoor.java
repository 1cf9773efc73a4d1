package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.UngreetedConnections.Waiting;
import io.mysqltlsproxy.net.ServerConnector;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Opens connections to the server, and no more of them while it greets nobody. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class ServerDoor {

  /** The server stands still, and no connection is opened. */
  static final class SilentServerException extends IOException {
    SilentServerException(String message) {
      super(message);
    }

    /** Nobody needs to know where it was found out. */
    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private static final AttributeKey<Long> OPENED_AT = AttributeKey.valueOf("openedAt");

  /** Opens connections to the server, as {@link ServerConnector} does. */
  interface Dialer {
    /**
     * Connects on the given event loop, and tells there how it went.
     *
     * @param timeout for the connect, at every address of the server's together
     * @param connected takes a channel that does not read by itself
     */
    void connect(
        EventLoop loop, Duration timeout, Consumer<Channel> connected, Consumer<Throwable> failed);
  }

  private final Dialer dialer;
  private final Predicate<Channel> own;
  private final UngreetedConnections ungreeted;

  /**
   * A door.
   *
   * @param own whether an accepted connection is one that the dialer has made
   * @param timeout how long a server may take to greet
   */
  ServerDoor(Dialer dialer, Predicate<Channel> own, Duration timeout) {
    this.dialer = dialer;
    this.own = own;
    this.ungreeted = new UngreetedConnections(timeout, System::nanoTime);
  }

  /** Why no connection would be opened now, as one clause. */
  Optional<String> obstacle() {
    return ungreeted.obstacle();
  }

  /** Whether the server has greeted anybody within this time. */
  boolean heardWithin(Duration time) {
    return ungreeted.heardWithin(time);
  }

  /** Whether a client is one of the proxy's own connections to the server: the way leads back. */
  boolean isOwn(Channel accepted) {
    return own.test(accepted);
  }

  /** When a connection was asked for, as {@link System#nanoTime}. */
  static long openedAt(Channel channel) {
    return channel.attr(OPENED_AT).get();
  }

  /** How many connections the server has yet to greet. */
  int ungreeted() {
    return ungreeted.size();
  }

  /**
   * Connects on the given event loop, on which this is called, and tells there how it went.
   *
   * @param timeout for the connect, at every address of the server's together
   * @param connected takes a channel that does not read by itself
   */
  void connect(
      EventLoop loop, Duration timeout, Consumer<Channel> connected, Consumer<Throwable> failed) {
    Optional<String> obstacle = ungreeted.obstacle();
    if (obstacle.isPresent()) {
      failed.accept(new SilentServerException(obstacle.get()));
      return;
    }
    long begun = System.nanoTime();
    Waiting waiting = ungreeted.open();
    dialer.connect(
        loop,
        timeout,
        channel -> {
          channel.attr(OPENED_AT).set(begun);
          channel.closeFuture().addListener(closed -> waiting.closed());
          channel.pipeline().addFirst(new FirstBytes(waiting));
          connected.accept(channel);
        },
        cause -> {
          waiting.closed();
          failed.accept(cause);
        });
  }

  /**
   * Learns that the server has said something. Until then the connection can be closed by a reset
   * only. That is for the last resort, but it does no harm as long as the server has not got so far
   * as to ask whose connection it is: a reset one has no peer. Closed in order, it would count.
   */
  private static final class FirstBytes extends ChannelInboundHandlerAdapter {
    private static final int RESET = 0;
    private static final int IN_ORDER = -1;

    private final Waiting waiting;

    FirstBytes(Waiting waiting) {
      this.waiting = waiting;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      linger(ctx, RESET);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      waiting.greeted();
      linger(ctx, IN_ORDER);
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(message);
    }

    /** Unix sockets know nothing of it; and a server counts errors of addresses only. */
    private static void linger(ChannelHandlerContext ctx, int seconds) {
      if (ctx.channel().isOpen()) {
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, seconds);
      }
    }
  }
}
