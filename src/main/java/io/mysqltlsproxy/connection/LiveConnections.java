package io.mysqltlsproxy.connection;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The clients that are connected now. Any thread may ask. */
public final class LiveConnections {
  private final Set<LiveConnection> all = ConcurrentHashMap.newKeySet();
  private final ExpiryWarnings warnings = new ExpiryWarnings();

  void add(LiveConnection connection) {
    all.add(connection);
  }

  void remove(LiveConnection connection) {
    all.remove(connection);
    // However short it was, and whenever the others are looked at.
    warnings.consider(connection, Instant.now());
  }

  /** One for each client, from accept until its socket is closed, the oldest first. */
  public List<LiveConnection> all() {
    return all.stream().sorted(Comparator.comparing(LiveConnection::connectedAt)).toList();
  }

  /**
   * Runs a task once every connection is done with what it was doing on its event loop, however
   * long that takes: then none still uses what it took before.
   *
   * @param task called once, on an event loop or, where no connection is open, at once
   */
  public void whenSettled(Runnable task) {
    Set<EventLoop> loops = loops();
    AtomicInteger open = new AtomicInteger(loops.size() + 1);
    Runnable settled =
        () -> {
          if (open.decrementAndGet() == 0) {
            task.run();
          }
        };
    for (EventLoop loop : loops) {
      try {
        loop.execute(settled);
      } catch (RejectedExecutionException ended) {
        settled.run();
      }
    }
    settled.run();
  }

  /** Warns of certificates that are about to expire. */
  public void warnOfExpiry() {
    Instant now = Instant.now();
    all.forEach(connection -> warnings.consider(connection, now));
  }

  /** The event loops of all connections. */
  Set<EventLoop> loops() {
    return all.stream().map(LiveConnection::loop).collect(Collectors.toSet());
  }

  /** In no order. */
  Stream<LiveConnection> stream() {
    return all.stream();
  }

  /** How many there are. */
  public int size() {
    return all.size();
  }
}
