package io.mysqltlsproxy.overhead;

import java.util.ArrayList;
import java.util.List;

/**
 * How much more one thing takes than another, in microseconds; or, where that cannot be told from
 * the noise, how much it is at most.
 *
 * @param median the difference of the medians
 * @param high the most that the rounds allow
 * @param told whether it can be told from none
 */
record Difference(double median, double high, boolean told) {

  /**
   * Compares what was measured in the same rounds, round by round: a machine that is slower in one
   * round is so for both.
   *
   * @param less the time of each round
   * @param more the same, in the same order
   */
  static Difference between(List<Double> less, List<Double> more) {
    List<Double> differences = new ArrayList<>();
    for (int round = 0; round < Math.min(less.size(), more.size()); round++) {
      differences.add(more.get(round) - less.get(round));
    }
    Estimate difference = Estimate.of(differences);
    double median = Estimate.of(more).median() - Estimate.of(less).median();
    return new Difference(
        median,
        Math.max(0, Math.max(median, difference.high())),
        difference.low() > 0 && median > 0);
  }

  /** What to count it as: nothing, where nothing can be told. */
  double counted() {
    return told ? median : 0;
  }

  /** What it is at most: the difference itself, where it can be told. */
  double atMost() {
    return told ? median : high;
  }

  /** {@code 6 µs}, or {@code at most 4 µs}. */
  String text() {
    return (told ? "" : "at most ") + TextReport.micros(atMost());
  }

  /**
   * {@code 6 µs (13 %)}, of the time that it adds to; without a share where that says nothing:
   * where it is longer than that time, and where nothing can be told.
   */
  String text(double whole) {
    if (!told) {
      return "less than the noise (" + text() + ")";
    }
    double share = median / Math.max(whole, 1e-9);
    return share > 1 ? text() : "%s (%.0f %%)".formatted(text(), 100 * share);
  }
}
