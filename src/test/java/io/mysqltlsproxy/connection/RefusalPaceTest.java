package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusalPaceTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final RefusalPace pace = new RefusalPace(now::get);

  @Test
  void aFewRefusalsAreAnsweredAtOnceAndThoseOfAFloodWait() {
    assertEquals(50, answeredOf(1000));
    assertEquals(0, answeredOf(1000));
  }

  @Test
  void twentyASecondAreAnsweredAtOnceHoweverManyThereAre() {
    answeredOf(1000);
    int answered = 0;
    for (int second = 0; second < 3000; second++) {
      now.addAndGet(Duration.ofMillis(1).toNanos());
      answered += answeredOf(1);
    }
    assertEquals(60, answered);
  }

  @Test
  void aQuietHourIsNoReasonToAnswerMoreAtOnce() {
    answeredOf(1000);
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertEquals(50, answeredOf(1000));
  }

  private int answeredOf(int refusals) {
    return (int) IntStream.range(0, refusals).filter(i -> !pace.isExceeded()).count();
  }
}
