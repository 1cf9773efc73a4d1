package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mysqltlsproxy.connection.LiveConnection;
import io.mysqltlsproxy.connection.LiveConnections;
import java.time.Instant;

/** When certificates of the clients that are connected expire, and their connections with them. */
public final class ClientCertificateMetrics {
  private ClientCertificateMetrics() {}

  /** Registers the meter. */
  public static void register(MeterRegistry registry, LiveConnections connections) {
    Gauge.builder(
            Names.PREFIX + "client.certificate.expiry.timestamp",
            connections,
            ClientCertificateMetrics::soonest)
        .description(
            "When the first certificate of a connected client expires, in seconds since 1970; NaN"
                + " where none has one")
        .baseUnit("seconds")
        .register(registry);
  }

  private static double soonest(LiveConnections connections) {
    return connections.all().stream()
        .flatMap((LiveConnection client) -> client.certificateExpiry().stream())
        .min(Instant::compareTo)
        .map(expiry -> (double) expiry.getEpochSecond())
        .orElse(Double.NaN);
  }
}
