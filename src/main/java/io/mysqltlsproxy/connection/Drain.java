package io.mysqltlsproxy.connection;

import java.time.Duration;

/** Waits for the clients to leave, and asks them to when they have nothing to lose. */
final class Drain {
  /** What the log says of clients that are asked. */
  static final String REASON = "the proxy is ending";

  private static final int TICK_MILLIS = 20;

  private final LiveConnections live;
  private final long begun = System.nanoTime();
  private final Duration timeout;

  /**
   * The time begins to run.
   *
   * @param timeout until clients are no longer waited for
   */
  Drain(LiveConnections live, Duration timeout) {
    this.live = live;
    this.timeout = timeout;
  }

  /**
   * Waits.
   *
   * @return whether all have left in time, or at least been sent the error that says so
   */
  boolean await() throws InterruptedException {
    long urgentAt = begun + timeout.toNanos() / 2;
    while (live.stream().anyMatch(LiveConnection::isUnfinished)) {
      if (System.nanoTime() - begun >= timeout.toNanos()) {
        return false;
      }
      // Those too that were accepted before the listener closed, and appear only now.
      live.stream().forEach(connection -> connection.depart(urgentAt));
      Thread.sleep(TICK_MILLIS);
    }
    return true;
  }
}
