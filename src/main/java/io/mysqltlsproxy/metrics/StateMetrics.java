package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mysqltlsproxy.tls.Expiries;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the proxy's state is now: whether clients get in, and until when its files are good. */
public final class StateMetrics {
  private final MeterRegistry registry;
  private final Supplier<Expiries> expiries;

  private StateMetrics(MeterRegistry registry, Supplier<Expiries> expiries) {
    this.registry = registry;
    this.expiries = expiries;
  }

  /**
   * Registers the meters.
   *
   * @param expiries of the files that are loaded now
   * @param ready whether a client would get in
   * @param serverUp whether the server greets
   * @param outages how often the server could no longer be used
   */
  public static void register(
      MeterRegistry registry,
      Supplier<Expiries> expiries,
      BooleanSupplier ready,
      BooleanSupplier serverUp,
      LongSupplier outages) {
    Gauge.builder(Names.PREFIX + "ready", () -> ready.getAsBoolean() ? 1 : 0)
        .description("Whether a client could log in, as /readyz: 1 or 0")
        .register(registry);
    Gauge.builder(Names.PREFIX + "server.up", () -> serverUp.getAsBoolean() ? 1 : 0)
        .description("Whether the server greets the proxy: 1 or 0")
        .register(registry);
    FunctionCounter.builder(Names.PREFIX + "server.outages", outages, LongSupplier::getAsLong)
        .description("How often the server could no longer be used, as clients or probes found")
        .register(registry);
    new StateMetrics(registry, expiries).expiries();
  }

  /**
   * Registers the meters of what waits.
   *
   * @param lingering how many clients beyond a limit have yet to read so
   * @param ungreeted how many connections the server has yet to greet
   */
  public static void register(
      MeterRegistry registry, IntSupplier lingering, IntSupplier ungreeted) {
    Gauge.builder(Names.PREFIX + "connections.lingering", lingering::getAsInt)
        .description("Clients beyond a limit that have yet to read why they are rejected")
        .register(registry);
    Gauge.builder(Names.PREFIX + "server.connections.ungreeted", ungreeted::getAsInt)
        .description("Connections that the server has yet to greet, with or without a client")
        .register(registry);
  }

  private void expiries() {
    instant(
        "server.certificate.expiry.timestamp",
        "When the proxy's own certificate expires, in seconds since 1970",
        Expiries::own);
    instant(
        "authority.expiry.timestamp",
        "When the first CA for client certificates expires, in seconds since 1970; NaN without a"
            + " CA",
        Expiries::authority);
    instant(
        "crl.next.update.timestamp",
        "When the first CRL expires, in seconds since 1970; NaN without a CRL",
        Expiries::revocationLists);
  }

  private void instant(
      String name, String description, Function<Expiries, Optional<Instant>> which) {
    Gauge.builder(
            Names.PREFIX + name,
            () ->
                which
                    .apply(expiries.get())
                    .map(at -> (double) at.getEpochSecond())
                    .orElse(Double.NaN))
        .description(description)
        .baseUnit("seconds")
        .register(registry);
  }
}
