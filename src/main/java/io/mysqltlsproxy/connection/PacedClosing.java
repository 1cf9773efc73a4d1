package io.mysqltlsproxy.connection;

import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes any number of connections, each on its event loop, and lets the loop read and write
 * between a few and the next few: Netty's own queue would be worked off in one go, and the clients
 * that stay would wait for all that leave. For one thread.
 */
final class PacedClosing {
  private static final Logger log = LoggerFactory.getLogger("connection");

  /** Some ten connections; what closing them makes the loop read and write comes on top. */
  private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LongSupplier clock;
  private final Map<EventLoop, Batches> loops = new HashMap<>();

  /**
   * Nothing to close yet.
   *
   * @param clock as {@link System#nanoTime}
   */
  PacedClosing(LongSupplier clock) {
    this.clock = clock;
  }

  /** Has it closed soon, in the order of these calls. */
  void close(EventLoop loop, Runnable closing) {
    loops.computeIfAbsent(loop, Batches::new).add(closing);
  }

  private final class Batches {
    private final EventLoop loop;
    private final Queue<Runnable> left = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Batches(EventLoop loop) {
      this.loop = loop;
    }

    void add(Runnable closing) {
      left.add(closing);
      scheduleIfNeeded();
    }

    private void scheduleIfNeeded() {
      if (!left.isEmpty() && scheduled.compareAndSet(false, true)) {
        schedule();
      }
    }

    /** A scheduled task waits for the loop to have looked at its channels, an executed does not. */
    @SuppressWarnings("FutureReturnValueIgnored") // its failures are logged
    private void schedule() {
      try {
        loop.schedule(this::closeSome, 0, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException ended) {
        left.clear(); // and with the loop its connections
      }
    }

    private void closeSome() {
      long begun = clock.getAsLong();
      Runnable next = left.poll();
      while (next != null) {
        run(next);
        next = clock.getAsLong() - begun < BATCH_NANOS ? left.poll() : null;
      }
      scheduled.set(false);
      scheduleIfNeeded();
    }

    private void run(Runnable closing) {
      try {
        closing.run();
      } catch (RuntimeException | Error e) {
        log.error("unexpected failure while closing a connection", e);
      }
    }
  }
}
