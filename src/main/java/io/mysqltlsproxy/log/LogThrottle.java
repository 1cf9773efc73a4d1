package io.mysqltlsproxy.log;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets a line of the log through once in a while, so that a flood of events does not flood it. */
public final class LogThrottle {
  private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

  private final LongSupplier nanoTime;
  private final AtomicLong next;
  private final AtomicInteger heldBack = new AtomicInteger();

  /**
   * A throttle that lets the first line through.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public LogThrottle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  /** How many lines were held back since the last; empty where this one is, too. */
  public OptionalInt pass() {
    long now = nanoTime.getAsLong();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + PERIOD_NANOS)) {
      return OptionalInt.of(heldBack.getAndSet(0));
    }
    heldBack.incrementAndGet();
    return OptionalInt.empty();
  }
}
