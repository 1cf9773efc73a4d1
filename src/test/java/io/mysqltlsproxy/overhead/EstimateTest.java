package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {

  /** The ranks that every table of confidence intervals for medians has, at 95 %. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 1, 3",
    "5, 1, 5",
    "6, 1, 6",
    "8, 1, 8",
    "9, 2, 8",
    "12, 3, 10",
    "20, 6, 15"
  })
  void theIntervalIsThatOfTheOrderStatistics(int n, double low, double high) {
    List<Double> values = IntStream.rangeClosed(1, n).mapToObj(Double::valueOf).toList();

    Estimate estimate = Estimate.of(values);

    assertEquals((n + 1) / 2.0, estimate.median());
    assertEquals(low, estimate.low());
    assertEquals(high, estimate.high());
  }

  @Test
  void oneWildValueMovesNeitherTheMedianNorTheIntervalOfMany() {
    List<Double> values =
        DoubleStream.concat(DoubleStream.generate(() -> 7).limit(11), DoubleStream.of(1e9))
            .boxed()
            .toList();

    assertEquals(new Estimate(7, 7, 7), Estimate.of(values));
  }

  @Test
  void anIntervalAroundOneCannotBeToldFromIt() {
    assertTrue(new Estimate(0.98, 0.9, 1.02).covers(1));
    assertFalse(new Estimate(0.8, 0.7, 0.9).covers(1));
  }
}
