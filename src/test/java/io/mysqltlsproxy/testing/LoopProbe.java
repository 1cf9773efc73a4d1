package io.mysqltlsproxy.testing;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Asks event loops every millisecond for a sign of life, and notes who took longest to give it. */
public final class LoopProbe implements AutoCloseable {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<ScheduledFuture<?>> asking = new ArrayList<>();
  private final AtomicLong longest = new AtomicLong();

  private LoopProbe() {}

  /** Begins to ask. */
  public static LoopProbe of(Iterable<EventExecutor> loops) {
    LoopProbe probe = new LoopProbe();
    for (EventExecutor loop : loops) {
      probe.asking.add(
          loop.scheduleWithFixedDelay(
              probe.new Question(), EVERY_NANOS, EVERY_NANOS, TimeUnit.NANOSECONDS));
    }
    return probe;
  }

  /** For how long a loop did nothing of what was due. */
  public Duration longest() {
    return Duration.ofNanos(longest.get());
  }

  @Override
  public void close() {
    asking.forEach(each -> each.cancel(false));
  }

  private final class Question implements Runnable {
    private long due = System.nanoTime() + EVERY_NANOS;

    @Override
    public void run() {
      long now = System.nanoTime();
      longest.accumulateAndGet(now - due, Math::max);
      due = now + EVERY_NANOS;
    }
  }
}
