package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mysqltlsproxy.reload.Reloader;

/** How often certificates, CRLs and rules were read again, and how it went. */
public final class ReloadMetrics {
  private ReloadMetrics() {}

  /** Registers the meters. */
  public static void register(MeterRegistry registry, Reloader reloader) {
    String reloads = "Reloads of certificates, CRLs and rules";
    FunctionCounter.builder(Names.PREFIX + "reloads", reloader, Reloader::successes)
        .description(reloads)
        .tag("result", "success")
        .register(registry);
    FunctionCounter.builder(Names.PREFIX + "reloads", reloader, Reloader::failures)
        .description(reloads)
        .tag("result", "failure")
        .register(registry);
    Gauge.builder(
            Names.PREFIX + "last.reload.successful",
            reloader,
            each -> each.latestSucceeded() ? 1 : 0)
        .description("Whether the last reload succeeded: 1 or 0")
        .register(registry);
    Gauge.builder(
            Names.PREFIX + "last.reload.success.timestamp",
            reloader,
            each -> each.readAt().getEpochSecond())
        .description("When the files in force were read, in seconds since 1970")
        .baseUnit("seconds")
        .register(registry);
  }
}
