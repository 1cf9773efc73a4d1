package io.mysqltlsproxy.connection;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How soon clients learn that their certificate is refused. A refusal costs a handshake and a
 * search, some milliseconds; a client that comes again at once, with the next certificate that is
 * no good, would take a processor from all others. So once there are many refusals, from whatever
 * addresses, the answer waits: nobody loses anything by it who is refused anyway.
 */
final class RefusalPace {
  /** How many at once are answered without delay. */
  private static final int BURST = 50;

  private static final int PER_SECOND = 20;

  /** How long the others wait. */
  static final Duration DELAY = Duration.ofSeconds(1);

  private static final long NANOS_EACH = Duration.ofSeconds(1).toNanos() / PER_SECOND;

  private final LongSupplier nanoTime;
  private long answered;

  /**
   * There was no refusal yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  RefusalPace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    answered = nanoTime.getAsLong() - BURST * NANOS_EACH;
  }

  /** Counts a refusal, and says whether its answer is to wait. */
  synchronized boolean isExceeded() {
    long now = nanoTime.getAsLong();
    if (now - answered < NANOS_EACH) {
      return true;
    }
    long earliest = now - BURST * NANOS_EACH;
    answered = (answered - earliest < 0 ? earliest : answered) + NANOS_EACH;
    return false;
  }
}
