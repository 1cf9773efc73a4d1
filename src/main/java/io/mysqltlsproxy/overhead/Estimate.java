package io.mysqltlsproxy.overhead;

import java.util.Collection;

/**
 * A median and the interval that holds the true one, by order statistics, without any assumption of
 * how the values are spread: with a confidence of 95 %, or, of fewer than 6 values, from the
 * smallest to the largest (94 % for 5, 88 % for 4, 75 % for 3).
 */
record Estimate(double median, double low, double high) {

  static Estimate of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      throw new IllegalArgumentException("no values");
    }
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    int outside = outside(n);
    return new Estimate(median, sorted[outside], sorted[n - 1 - outside]);
  }

  /** The same in another unit. */
  Estimate times(double factor) {
    return new Estimate(median * factor, low * factor, high * factor);
  }

  /** Whether it cannot be told from that value. */
  boolean covers(double value) {
    return low <= value && value <= high;
  }

  /** How many values on each side may be left out: P(Binomial(n, 1/2) <= that) below 2.5 %. */
  private static int outside(int n) {
    double[] row = new double[n + 1];
    row[0] = Math.pow(0.5, n);
    for (int k = 1; k <= n; k++) {
      row[k] = row[k - 1] * (n - k + 1) / k;
    }
    double below = 0;
    int outside = 0;
    while (outside < (n - 1) / 2) {
      below += row[outside];
      if (below > 0.025) {
        break;
      }
      outside++;
    }
    return Math.max(0, outside - 1);
  }
}
