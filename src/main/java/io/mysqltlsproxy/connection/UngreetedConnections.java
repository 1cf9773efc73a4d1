package io.mysqltlsproxy.connection;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The connections that the server has yet to greet, and what they tell about it. A server that
 * stands still takes connections, since the kernel does that for it, and greets nobody. Each of
 * them must wait for it to go on: closed before the greeting, it would count towards {@code
 * max_connect_errors} . So no more are opened while those that are there wait in vain; only now and
 * then one that tries, since those before it may be lost in the network.
 */
final class UngreetedConnections {
  private static final int MAX_WAITING = 512;
  private static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final long timeoutNanos;
  private final LongSupplier nanoTime;

  /** The one that has waited longest first. */
  private final Set<Waiting> waiting = new LinkedHashSet<>();

  private long heardAt;
  private long openedAt;
  private boolean heard;

  /**
   * There are none yet.
   *
   * @param timeout how long a server may take that does not stand still
   * @param nanoTime as {@link System#nanoTime}
   */
  UngreetedConnections(Duration timeout, LongSupplier nanoTime) {
    this.timeoutNanos = timeout.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Why no more connections may be opened now, as one clause; empty where one may. */
  synchronized Optional<String> obstacle() {
    if (waiting.size() >= MAX_WAITING) {
      return Optional.of(waiting.size() + " connections wait for its greeting already");
    }
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    Waiting oldest = waiting.iterator().next();
    boolean silent = !heard || heardAt - oldest.since < 0;
    if (!silent || now - oldest.since < timeoutNanos || now - openedAt >= TRIAL_NANOS) {
      return Optional.empty();
    }
    return Optional.of(
        "it accepts connections but has greeted nobody for "
            + TimeUnit.NANOSECONDS.toSeconds(now - oldest.since)
            + " s");
  }

  /** One is about to be opened. */
  synchronized Waiting open() {
    openedAt = nanoTime.getAsLong();
    Waiting one = new Waiting(openedAt);
    waiting.add(one);
    return one;
  }

  /** Whether the server has greeted anybody within this time. */
  synchronized boolean heardWithin(Duration time) {
    return heard && nanoTime.getAsLong() - heardAt < time.toNanos();
  }

  /** How many there are. */
  synchronized int size() {
    return waiting.size();
  }

  /** A connection that waits for the server to say something. */
  final class Waiting {
    private final long since;

    private Waiting(long since) {
      this.since = since;
    }

    /** The server has said something. */
    void greeted() {
      synchronized (UngreetedConnections.this) {
        if (waiting.remove(this)) {
          heard = true;
          heardAt = nanoTime.getAsLong();
        }
      }
    }

    /** The connection was not made, or is closed. */
    void closed() {
      synchronized (UngreetedConnections.this) {
        waiting.remove(this);
      }
    }
  }
}
