package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.mysqltlsproxy.connection.CloseReason;
import io.mysqltlsproxy.connection.ConnectionEvents;
import io.mysqltlsproxy.connection.Phase;
import io.mysqltlsproxy.connection.TrafficEvents;
import io.mysqltlsproxy.tls.TlsSession;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts connections. Each that was accepted becomes exactly one of a login, a refusal and a
 * failure, and each login ends in exactly one close.
 */
public final class ConnectionMetrics implements ConnectionEvents {
  private final MeterRegistry registry;
  private final TrafficEvents traffic;
  private final Counter connections;
  private final Counter logins;
  private final Timer serverConnect;
  private final Timer handshake;
  private final DistributionSummary certificateRemaining;
  private final Map<Phase, LongAdder> phases = new EnumMap<>(Phase.class);
  private final Map<CloseReason, Counter> beforeLogin = new EnumMap<>(CloseReason.class);
  private final Map<CloseReason, Counter> afterLogin = new EnumMap<>(CloseReason.class);

  /**
   * Registers the meters.
   *
   * @param traffic is told what crosses the sockets
   */
  public ConnectionMetrics(MeterRegistry registry, TrafficEvents traffic) {
    this.registry = registry;
    this.traffic = traffic;
    connections =
        Names.counter(
                "connections", "Accepted connections; each becomes a login, a refusal or a failure")
            .register(registry);
    logins = Names.counter("logins", "Connections that the server let log in").register(registry);
    serverConnect =
        Names.timer("server.connect", "Time to connect to the server").register(registry);
    handshake =
        Names.timer("tls.handshake", "From a client's SSLRequest to the end of its TLS handshake")
            .register(registry);
    certificateRemaining =
        DistributionSummary.builder(Names.PREFIX + "client.certificate.remaining")
            .description("How long a client's certificate is valid still, at its TLS handshake")
            .baseUnit("seconds")
            .serviceLevelObjectives(
                days(1), days(3), days(7), days(14), days(30), days(90), days(365))
            .register(registry);
    for (Phase phase : Phase.values()) {
      if (phase != Phase.CLOSED) {
        LongAdder count = new LongAdder();
        phases.put(phase, count);
        Gauge.builder(Names.PREFIX + "connections.open", count, LongAdder::sum)
            .description("Open client connections by phase")
            .tag("phase", phase.name().toLowerCase(Locale.ROOT))
            .register(registry);
      }
    }
    for (CloseReason closeReason : CloseReason.values()) {
      beforeLogin.put(
          closeReason,
          closeReason.isRefusal()
              ? Names.counter("refusals", "Connections that were rejected before login")
                  .tag("reason", closeReason.label())
                  .register(registry)
              : Names.counter("failures", "Connections that broke before login")
                  .tag("reason", closeReason.label())
                  .register(registry));
      afterLogin.put(
          closeReason,
          Names.counter("closes", "Connections that ended after login")
              .tag("by", closeReason.by().label())
              .tag("reason", closeReason.label())
              .register(registry));
    }
  }

  @Override
  public void accepted() {
    connections.increment();
    add(Phase.CONNECTING, 1);
  }

  @Override
  public void moved(Phase from, Phase to) {
    add(from, -1);
    add(to, 1);
  }

  private void add(Phase phase, int change) {
    LongAdder count = phases.get(phase);
    if (count != null) {
      count.add(change);
    }
  }

  @Override
  public void serverConnected(Duration took) {
    serverConnect.record(took);
  }

  @Override
  public void encrypted(TlsSession session, Duration took) {
    handshake.record(took);
    session
        .clientCertificate()
        .ifPresent(
            certificate ->
                certificateRemaining.record(secondsUntil(certificate.getNotAfter().toInstant())));
    Tags tags =
        Tags.of(
            "version", session.version(),
            "cipher", session.cipher(),
            "group", session.group().orElse("unknown"),
            "resumed", String.valueOf(session.resumed()));
    Names.counter("tls.handshakes", "Successful TLS handshakes")
        .tags(tags)
        .register(registry)
        .increment();
  }

  private static double secondsUntil(Instant end) {
    return Duration.between(Instant.now(), end).toSeconds();
  }

  private static double days(int number) {
    return Duration.ofDays(number).toSeconds();
  }

  @Override
  public void loggedIn() {
    logins.increment();
  }

  @Override
  public void ended(CloseReason closeReason, boolean loggedIn) {
    Counter counter = (loggedIn ? afterLogin : beforeLogin).get(closeReason);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public Optional<TrafficEvents> traffic() {
    return Optional.of(traffic);
  }
}
