package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * How meters are named, and the buckets of the timers; Micrometer makes {@code
 * mysql_tls_proxy_relay_seconds} of {@code relay} by the <a
 * href="https://prometheus.io/docs/practices/naming/">conventions of Prometheus</a>.
 */
final class Names {
  static final String PREFIX = "mysql.tls.proxy.";

  private static final Duration[] BUCKETS = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
  };

  private Names() {}

  static Counter.Builder counter(String name, String description) {
    return Counter.builder(PREFIX + name).description(description);
  }

  static Timer.Builder timer(String name, String description) {
    return Timer.builder(PREFIX + name).description(description).serviceLevelObjectives(BUCKETS);
  }
}
