package io.mysqltlsproxy.net;

import io.netty.channel.ConnectTimeoutException;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The addresses at which connecting has timed out lately. They are tried last, so that not every
 * client waits for a machine that is down. One that refuses says so at once and keeps its turn.
 */
final class SilentAddresses {
  private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier nanoTime;
  private final Map<InetSocketAddress, Long> since = new ConcurrentHashMap<>();

  /**
   * There are none yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  SilentAddresses(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The same addresses in the same order, but for those that are silent, which come last. */
  List<InetSocketAddress> last(List<InetSocketAddress> addresses) {
    if (since.isEmpty()) {
      return addresses;
    }
    long now = nanoTime.getAsLong();
    since.values().removeIf(at -> now - at > MEMORY_NANOS);
    return addresses.stream().sorted(Comparator.comparing(since::containsKey)).toList();
  }

  /**
   * An attempt has ended.
   *
   * @param failure why it failed; null where it did not
   */
  void attempted(InetSocketAddress address, @Nullable Throwable failure) {
    if (failure instanceof ConnectTimeoutException) {
      since.put(address, nanoTime.getAsLong());
    } else if (!since.isEmpty()) {
      since.remove(address);
    }
  }
}
