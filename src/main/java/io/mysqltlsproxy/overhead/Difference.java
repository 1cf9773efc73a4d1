package io.mysqltlsproxy.overhead;

/**
 * How much more one thing takes than another, in microseconds; or, where that cannot be told from
 * the noise, how much it is at most.
 *
 * @param median the difference of the medians
 * @param high the most that the two intervals allow
 * @param told whether the intervals do not overlap
 */
record Difference(double median, double high, boolean told) {

  static Difference between(Estimate less, Estimate more) {
    return new Difference(
        more.median() - less.median(),
        Math.max(0, more.high() - less.low()),
        more.low() > less.high());
  }

  /** What to count it as: nothing, where nothing can be told. */
  double counted() {
    return told ? median : 0;
  }

  /** {@code 6 µs}, or {@code less than 4 µs}. */
  String text() {
    return told ? TextReport.micros(median) : "less than " + TextReport.micros(high);
  }

  /** {@code 6 µs (13 %)}, of the time that it adds to; without a share where nothing is told. */
  String text(double whole) {
    return told && whole > 0 ? "%s (%s)".formatted(text(), share(median / whole)) : text();
  }

  private static String share(double share) {
    return share >= 10 ? "%.0f times".formatted(share) : "%.0f %%".formatted(100 * share);
  }
}
