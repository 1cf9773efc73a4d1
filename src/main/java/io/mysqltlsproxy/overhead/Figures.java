package io.mysqltlsproxy.overhead;

import java.util.List;
import java.util.Optional;

/**
 * Medians over the rounds.
 *
 * @param perSecond statements, or logins
 * @param ratio to the direct way of the same round; empty for that way itself
 * @param p50 of the time of one, in microseconds
 * @param p95 the same
 * @param p99 the same
 * @param cpu of the proxy for one, in microseconds
 * @param loadCpu of the process that made the load for one, in microseconds
 * @param times the p50 of each round, in their order
 */
record Figures(
    Estimate perSecond,
    Optional<Estimate> ratio,
    Estimate p50,
    Estimate p95,
    Estimate p99,
    Optional<Estimate> cpu,
    Estimate loadCpu,
    List<Double> times) {

  /** Whether the rounds differ more among themselves than this way differs from the direct one. */
  boolean isNoise() {
    return ratio.isPresent() && ratio.get().covers(1);
  }
}
