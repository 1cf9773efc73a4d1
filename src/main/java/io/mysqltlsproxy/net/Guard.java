package io.mysqltlsproxy.net;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.function.Consumer;

/**
 * Netty logs what a listener or a scheduled task throws and goes on, which leaves a connection in
 * between. Guarded, it fails in the channel's pipeline like a handler that throws, and so ends its
 * connection.
 */
public final class Guard {
  private Guard() {}

  /** A listener whose failure is the channel's. */
  public static <F extends Future<?>> GenericFutureListener<F> listener(
      Channel channel, Consumer<F> listener) {
    return future -> task(channel, () -> listener.accept(future)).run();
  }

  /** A task whose failure is the channel's. */
  public static Runnable task(Channel channel, Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        channel.pipeline().fireExceptionCaught(e);
      }
    };
  }
}
