package io.mysqltlsproxy.overhead;

import java.io.PrintStream;
import java.time.Duration;

/** Shows what goes on and how long it will yet take: a line that changes, or a line a minute. */
public final class Progress {
  private static final Duration EACH = Duration.ofMinutes(1);
  private static final int COLUMNS = 100;

  private final PrintStream out;
  private final boolean isTerminal;
  private int all;
  private int done;
  private long begun;
  private long shown;

  public Progress(PrintStream out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
  }

  void begin(int steps) {
    all = steps;
    begun = System.nanoTime();
    shown = begun - EACH.toNanos();
  }

  /** The next step begins. */
  void next(String what) {
    next(what, 1);
  }

  /** The next begins, which takes as long as so many steps. */
  void next(String what, int steps) {
    long now = System.nanoTime();
    String left =
        done == 0 ? "" : ", %s left".formatted(shown((now - begun) / done * (all - done)));
    String line = "%3d %%%s: %s".formatted(100 * done / all, left, what);
    if (isTerminal) {
      out.printf("\r%-" + COLUMNS + "." + COLUMNS + "s", line);
      out.flush();
    } else if (now - shown >= EACH.toNanos()) {
      shown = now;
      out.println(line);
    }
    done += steps;
  }

  void end() {
    if (isTerminal) {
      out.printf("\r%-" + COLUMNS + "s\r", "");
      out.flush();
    }
  }

  /** {@code 12 min 05 s}. */
  private static String shown(long nanos) {
    long seconds = Duration.ofNanos(nanos).toSeconds();
    return seconds < 60 ? seconds + " s" : "%d min %02d s".formatted(seconds / 60, seconds % 60);
  }
}
