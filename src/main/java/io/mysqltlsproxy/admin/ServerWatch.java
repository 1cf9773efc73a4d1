package io.mysqltlsproxy.admin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether the server greets the proxy, as it was a moment ago. The server is asked in the
 * background and at a low rate, however often somebody wants to know, and never while it still owes
 * the answer to the time before.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
final class ServerWatch {
  /** From one question to the next. */
  static final Duration PERIOD = Duration.ofSeconds(5);

  /** An answer that is older says nothing about now. */
  private static final long STALE_NANOS = PERIOD.multipliedBy(4).toNanos();

  private final Supplier<CompletionStage<Optional<String>>> probe;
  private final LongSupplier nanoTime;
  private final CountDownLatch asked = new CountDownLatch(1);
  private volatile Optional<String> problem = Optional.of("it has not been asked yet");
  private volatile long answeredAt;
  private volatile boolean asking;

  /**
   * A watch that has not begun.
   *
   * @param probe asks the server; gives what is wrong, as one clause
   * @param nanoTime as {@link System#nanoTime}
   */
  ServerWatch(Supplier<CompletionStage<Optional<String>>> probe, LongSupplier nanoTime) {
    this.probe = probe;
    this.nanoTime = nanoTime;
    this.answeredAt = nanoTime.getAsLong();
  }

  /** Asks now and from now on, and waits for the first answer as long as this. */
  void start(ScheduledExecutorService scheduler, Duration timeout) {
    scheduler.scheduleWithFixedDelay(this::ask, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    try {
      if (!asked.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        problem = Optional.of("it has not answered yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void ask() {
    if (asking) {
      return;
    }
    asking = true;
    probe
        .get()
        .whenComplete(
            (answer, failure) -> {
              problem = failure == null ? answer : Optional.of(failure.toString());
              answeredAt = nanoTime.getAsLong();
              asking = false;
              asked.countDown();
            });
  }

  /** What is wrong with the server, as one clause; empty where it greets. */
  Optional<String> problem() {
    long age = nanoTime.getAsLong() - answeredAt;
    return age < STALE_NANOS
        ? problem
        : Optional.of(
            "the proxy has learned nothing of it for "
                + TimeUnit.NANOSECONDS.toSeconds(age)
                + " s");
  }
}
