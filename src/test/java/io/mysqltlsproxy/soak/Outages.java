package io.mysqltlsproxy.soak;

import java.time.Duration;

/** When connections of one site may break: while a fault is on, and shortly after. */
final class Outages {
  /** By then everything works again. */
  private static final long AFTERMATH_NANOS = Duration.ofSeconds(5).toNanos();

  private int active;
  private boolean any;
  private long lastEnd;

  synchronized void begin() {
    active++;
  }

  synchronized void end() {
    active--;
    any = true;
    lastEnd = System.nanoTime();
  }

  /** Whether something that began then may be broken now. */
  synchronized boolean explain(long beganNanos) {
    return active > 0 || (any && beganNanos - lastEnd < AFTERMATH_NANOS);
  }
}
