package io.mysqltlsproxy.overhead;

import java.util.List;
import java.util.Optional;

/**
 * What idle connections cost a process.
 *
 * @param points what was resident at how many connections, none first
 * @param failure why there are no more points; empty where all are there
 */
record IdleMemory(String way, List<Point> points, Optional<String> failure) {

  /** So many bytes were resident with so many connections. */
  record Point(int connections, long residentBytes) {}

  /** Bytes for each connection, over all of them; empty where there is a failure. */
  Optional<Double> bytesPerConnection() {
    if (failure.isPresent() || points.size() < 2) {
      return Optional.empty();
    }
    Point none = points.get(0);
    Point all = points.get(points.size() - 1);
    return Optional.of(
        (double) (all.residentBytes() - none.residentBytes())
            / (all.connections() - none.connections()));
  }
}
