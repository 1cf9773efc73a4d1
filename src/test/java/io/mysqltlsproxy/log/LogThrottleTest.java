package io.mysqltlsproxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
  @Test
  void ofManyLinesTheFirstPassesAndTenSecondsLaterOneThatCountsTheRest() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    LogThrottle throttle = new LogThrottle(clock::get);

    assertEquals(OptionalInt.of(0), throttle.pass());
    assertEquals(OptionalInt.empty(), throttle.pass());
    clock.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
    assertEquals(OptionalInt.empty(), throttle.pass());
    clock.addAndGet(1);
    assertEquals(OptionalInt.of(2), throttle.pass());
    assertEquals(OptionalInt.empty(), throttle.pass());
  }
}
