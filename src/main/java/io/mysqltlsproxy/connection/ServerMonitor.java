package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.text.Printable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server can be used, as clients and probes have found it: one warning when it can no
 * longer, one when it can again. Any thread may tell it.
 */
public final class ServerMonitor {
  private static final Logger log = LoggerFactory.getLogger("server");

  private final Backend backend;
  private final LongSupplier nanoTime;
  private final AtomicLong outages = new AtomicLong();
  private volatile @Nullable Outage outage;

  private static final class Outage {
    private final long begun;
    private final String why;
    private long clients;

    Outage(long begun, String why) {
      this.begun = begun;
      this.why = why;
    }
  }

  /**
   * A monitor of a server of which nothing is known yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  ServerMonitor(Backend backend, LongSupplier nanoTime) {
    this.backend = backend;
    this.nanoTime = nanoTime;
  }

  /**
   * A client had to be sent away.
   *
   * @param why a clause about the server: {@code Connection refused}
   * @return whether it is the first of this outage, and deserves a line of its own
   */
  synchronized boolean clientFailed(String why) {
    return begin(why).clients++ == 0;
  }

  /**
   * The server was asked without a client.
   *
   * @param problem why it cannot be used, as a clause; empty where it greets
   */
  void probed(Optional<String> problem) {
    problem.ifPresentOrElse(this::begin, this::reached);
  }

  private synchronized Outage begin(String why) {
    Outage current = outage;
    if (current == null) {
      current = new Outage(nanoTime.getAsLong(), why);
      outage = current;
      outages.incrementAndGet();
      log.warn(
          "the server {} cannot be used: {}; clients are turned away until it can",
          backend,
          Printable.bounded(why));
    }
    return current;
  }

  /** The server has greeted. */
  void reached() {
    if (outage != null) {
      end();
    }
  }

  private synchronized void end() {
    Outage over = outage;
    if (over != null) {
      outage = null;
      log.warn(
          "the server {} can be used again, after {} s; {} turned away meanwhile",
          backend,
          Duration.ofNanos(nanoTime.getAsLong() - over.begun).toSeconds(),
          over.clients == 1 ? "1 client was" : Phrases.count(over.clients, "client") + " were");
    }
  }

  /** Whether the last that was heard of the server is that it cannot be used. */
  public boolean isDown() {
    return outage != null;
  }

  /** Why the server could not be used when that began, as a clause; empty where it can. */
  public Optional<String> why() {
    Outage now = outage;
    return now == null ? Optional.empty() : Optional.of(now.why);
  }

  /** How often it could no longer be used. */
  public long outages() {
    return outages.get();
  }
}
