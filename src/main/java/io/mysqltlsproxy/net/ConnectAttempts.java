package io.mysqltlsproxy.net;

import io.mysqltlsproxy.text.IpText;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Connects to the first of a server's addresses that answers. Each attempt has an equal share of
 * the time that is left, so that the last address has its turn too.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class ConnectAttempts {

  /** The server answers at none of its addresses; the message says why for each. */
  static final class AllFailedException extends IOException {
    AllFailedException(Map<InetSocketAddress, Throwable> failures) {
      super(
          failures.entrySet().stream()
              .map(AllFailedException::described)
              .collect(Collectors.joining(", ")));
      failures.values().forEach(this::addSuppressed);
    }

    private static String described(Map.Entry<InetSocketAddress, Throwable> failure) {
      return ServerConnector.describe(failure.getValue())
          + " ("
          + IpText.withPort(failure.getKey())
          + ")";
    }

    /** Nobody needs to know where it was found out. */
    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private final Bootstrap bootstrap;
  private final EventLoop loop;
  private final long deadline;
  private final SilentAddresses silent;
  private final Consumer<Channel> connected;
  private final Consumer<Throwable> failed;
  private final Deque<InetSocketAddress> left = new ArrayDeque<>();
  private final Map<InetSocketAddress, Throwable> failures = new LinkedHashMap<>();

  /**
   * The time begins to run.
   *
   * @param loop on which one of the two consumers is called, once
   * @param timeout for all attempts together
   */
  ConnectAttempts(
      Bootstrap bootstrap,
      EventLoop loop,
      Duration timeout,
      SilentAddresses silent,
      Consumer<Channel> connected,
      Consumer<Throwable> failed) {
    this.bootstrap = bootstrap;
    this.loop = loop;
    this.deadline = System.nanoTime() + timeout.toNanos();
    this.silent = silent;
    this.connected = connected;
    this.failed = failed;
  }

  /**
   * Tries them in turn.
   *
   * @param addresses at least one
   */
  void begin(List<InetSocketAddress> addresses) {
    left.addAll(silent.last(addresses));
    next();
  }

  private void next() {
    InetSocketAddress address = left.element();
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) / left.size();
    bootstrap
        .remoteAddress(address)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, millis))
        .connect()
        .addListener((ChannelFuture future) -> loop.execute(() -> attempted(address, future)));
  }

  private void attempted(InetSocketAddress address, ChannelFuture future) {
    silent.attempted(address, future.cause());
    left.remove();
    if (future.isSuccess()) {
      connected.accept(future.channel());
      return;
    }
    failures.put(address, future.cause());
    if (!left.isEmpty() && !OpenFiles.areExhausted(future.cause())) {
      next();
    } else {
      failed.accept(failures.size() == 1 ? future.cause() : new AllFailedException(failures));
    }
  }
}
