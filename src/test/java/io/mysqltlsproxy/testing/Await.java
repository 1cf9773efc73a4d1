package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;

/**
 * Waits for what comes in its own time: on a busy machine that is long after it was set off, and no
 * test should say how long, unless that is what it is about.
 */
public final class Await {
  private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int PAUSE_MILLIS = 20;

  private Await() {}

  /** What is waited for. */
  @FunctionalInterface
  public interface Condition<E extends Exception> {
    boolean holds() throws E;
  }

  /** What is looked at. */
  @FunctionalInterface
  public interface Value<T, E extends Exception> {
    T get() throws E;
  }

  /** Waits until it holds, a minute at most; whether it does. */
  public static <E extends Exception> boolean until(Condition<E> condition)
      throws E, InterruptedException {
    long begun = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begun > TIMEOUT_NANOS) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return true;
  }

  /**
   * Waits until it is as expected.
   *
   * @throws AssertionError when it is not within a minute, with what it is then
   */
  public static <T, E extends Exception> void assertBecomes(T expected, Value<T, E> actual)
      throws E, InterruptedException {
    until(() -> expected.equals(actual.get()));
    assertEquals(expected, actual.get());
  }
}
