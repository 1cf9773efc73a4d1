package io.mysqltlsproxy.overhead;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** When a run begins to count and when it ends; set by the one who runs it, read by its clients. */
final class Clock {
  private final AtomicLong from = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong to = new AtomicLong(Long.MAX_VALUE);
  private final LongAdder counted = new LongAdder();

  /** From now on it counts. */
  void begin() {
    from.set(System.nanoTime());
  }

  /** From now on nothing counts, and nothing more is to be begun; again, it changes nothing. */
  void end() {
    to.compareAndSet(Long.MAX_VALUE, System.nanoTime());
  }

  boolean isOver() {
    return to.get() != Long.MAX_VALUE;
  }

  /** Something that counts has been done. */
  void counted() {
    counted.increment();
  }

  /** How many things that count have been done so far. */
  long count() {
    return counted.sum();
  }

  /** Whether something counts that has just been done, having begun at that {@code nanoTime}. */
  boolean counts(long begun) {
    long start = from.get();
    return start != Long.MAX_VALUE && begun - start >= 0 && !isOver();
  }

  double seconds() {
    return (to.get() - from.get()) / 1e9;
  }
}
