package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether the event loops turn: each runs a task every second, and how late it comes is how long
 * every connection of that loop had to wait. The tasks end with the loops.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
public final class EventLoops {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Beat> beats = new ArrayList<>();

  /** Starts the tasks. */
  public EventLoops(Iterable<EventExecutor> loops, MeterRegistry registry) {
    Timer lag =
        Names.timer(
                "event.loop.lag", "How late a task runs on an event loop, measured every second")
            .register(registry);
    for (EventExecutor loop : loops) {
      Beat beat = new Beat(lag);
      beats.add(beat);
      loop.scheduleWithFixedDelay(beat, PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  /** For how long the loop that is furthest behind has not run its task after it was due. */
  public Duration worstLag() {
    long now = System.nanoTime();
    return Duration.ofNanos(
        Math.max(0, beats.stream().mapToLong(beat -> now - beat.due).max().orElse(0)));
  }

  private static final class Beat implements Runnable {
    private final Timer lag;
    private volatile long due = System.nanoTime() + PERIOD_NANOS;

    Beat(Timer lag) {
      this.lag = lag;
    }

    @Override
    public void run() {
      long now = System.nanoTime();
      lag.record(Math.max(0, now - due), TimeUnit.NANOSECONDS);
      due = now + PERIOD_NANOS;
    }
  }
}
