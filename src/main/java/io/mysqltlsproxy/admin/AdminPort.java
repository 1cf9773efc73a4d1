package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.admin.Page.Answer;
import io.mysqltlsproxy.connection.ConnectionEvents;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.metrics.ClientCertificateMetrics;
import io.mysqltlsproxy.metrics.ConnectionMetrics;
import io.mysqltlsproxy.metrics.EventLoops;
import io.mysqltlsproxy.metrics.Exposition;
import io.mysqltlsproxy.metrics.ReloadMetrics;
import io.mysqltlsproxy.metrics.StateMetrics;
import io.mysqltlsproxy.metrics.TrafficMetrics;
import io.mysqltlsproxy.net.Takeover;
import io.mysqltlsproxy.option.AdminAddress;
import io.mysqltlsproxy.option.ListenAddress;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.reload.Reloader;
import io.mysqltlsproxy.tls.Expiries;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code --admin-address}: what is measured, and the pages that show it. */
public final class AdminPort implements AutoCloseable {
  /** A loop that is later than this has stopped, for all that a client can tell. */
  private static final Duration STUCK = Duration.ofSeconds(5);

  /** Below the second or so for which readiness probes wait. */
  private static final Duration TIMEOUT = Duration.ofMillis(900);

  /** The port cannot be opened; the message names the option and the cure. */
  public static final class Unusable extends Exception {
    Unusable(OptionException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final OptionValues values;
  private final InetSocketAddress address;
  private final Exposition exposition;
  private final ConnectionMetrics connections;
  private Optional<AdminServer> server = Optional.empty();
  private Optional<Takeover> takeover = Optional.empty();

  private AdminPort(OptionValues values, InetSocketAddress address, String version, String engine) {
    this.values = values;
    this.address = address;
    exposition = new Exposition(version, engine);
    connections =
        new ConnectionMetrics(exposition.registry(), new TrafficMetrics(exposition.registry()));
  }

  /**
   * Prepares the port that the options ask for; empty where they ask for none.
   *
   * @param version the program's
   * @param engine the TLS library and its version
   */
  public static Optional<AdminPort> from(OptionValues values, String version, String engine)
      throws OptionException {
    Optional<AdminAddress> wanted = values.get(Options.ADMIN_ADDRESS);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    InetSocketAddress address = new InetSocketAddress(wanted.get().host(), wanted.get().port());
    if (address.isUnresolved()) {
      throw values.wrong(
          Options.ADMIN_ADDRESS, "no such host", "give an address of this machine, as HOST:PORT");
    }
    if (!address.getAddress().isLoopbackAddress() && !values.get(Options.ADMIN_ALLOW_REMOTE)) {
      throw values.wrong(
          Options.ADMIN_ADDRESS,
          "not a loopback address, and anyone who reaches it sees who is connected",
          "give 127.0.0.1:PORT, or --" + Options.ADMIN_ALLOW_REMOTE.name() + "=ON");
    }
    return Optional.of(new AdminPort(values, address, version, engine));
  }

  /** Is to be told of every connection. */
  public ConnectionEvents events() {
    return connections;
  }

  /**
   * Opens the port.
   *
   * @param predecessor the process that may listen there already, and hands over its client port
   * @return where it listens
   */
  public InetSocketAddress open(
      Proxy proxy, ConnectionSettings settings, Reloader reloader, Optional<Takeover> predecessor)
      throws Unusable {
    ReloadMetrics.register(exposition.registry(), reloader);
    Supplier<Expiries> expiries = () -> settings.policy().get().expiries();
    EventLoops loops = new EventLoops(proxy.eventLoops(), exposition.registry());
    ServerWatch watch = new ServerWatch(() -> look(proxy), System::nanoTime);
    Readiness readiness =
        new Readiness(
            List.of(
                () -> accepting(proxy),
                () -> expired(expiries.get()),
                () -> stuck(loops),
                () -> watch.problem().map(why -> "the server " + settings.backend() + ": " + why)));
    StateMetrics.register(
        exposition.registry(),
        expiries,
        () -> readiness.problems().isEmpty(),
        () -> watch.problem().isEmpty(),
        proxy.server()::outages);
    ClientCertificateMetrics.register(exposition.registry(), proxy.live());
    StateMetrics.register(exposition.registry(), settings.limits()::lingering, proxy::ungreeted);
    String title =
        "mysql-tls-proxy at " + proxy.shownAddress() + ", in front of " + settings.backend();
    Map<String, Page> pages =
        Map.of(
            "/metrics",
            request -> new Answer(200, Exposition.CONTENT_TYPE, exposition.text()),
            "/healthz",
            request -> health(loops),
            "/readyz",
            request -> ready(readiness.problems()),
            "/connections",
            new ConnectionsPage(proxy.live(), title));
    try {
      takeover = predecessor.flatMap(before -> before.another(address));
      AdminServer started = AdminServer.start(address, pages, takeover);
      server = Optional.of(started);
      watch.start(started.scheduler(), TIMEOUT.multipliedBy(2));
      return started.address();
    } catch (BindException e) {
      throw new Unusable(
          values.wrong(
              Options.ADMIN_ADDRESS,
              "cannot listen there: " + e.getMessage(),
              ListenAddress.hint(String.valueOf(e.getMessage()), address.getPort())));
    }
  }

  /** The program is ready: from now on it alone answers here, until a successor takes over. */
  public void ready() {
    takeover.ifPresent(Takeover::complete);
    server.ifPresent(AdminServer::offer);
  }

  private static Optional<String> accepting(Proxy proxy) {
    return proxy.isAccepting()
        ? Optional.empty()
        : Optional.of("the proxy is ending and accepts no clients");
  }

  private static Optional<String> expired(Expiries expiries) {
    return expiries
        .own()
        .filter(expiry -> !Instant.now().isBefore(expiry))
        .map(expiry -> "the proxy's certificate expired at " + expiry);
  }

  /** While the server greets clients, it is not probed as well. */
  private static CompletionStage<Optional<String>> look(Proxy proxy) {
    return proxy.serverGreetedWithin(ServerWatch.PERIOD)
        ? CompletableFuture.completedFuture(Optional.empty())
        : proxy.probeServer(TIMEOUT);
  }

  private static Optional<String> stuck(EventLoops loops) {
    Duration lag = loops.worstLag();
    return lag.compareTo(STUCK) < 0
        ? Optional.empty()
        : Optional.of("an event loop has been stuck for " + lag.toSeconds() + " s");
  }

  private static Answer ready(List<String> problems) {
    return problems.isEmpty()
        ? Answer.text(200, "ready")
        : Answer.text(503, "not ready: " + String.join("\nnot ready: ", problems));
  }

  /** Whether the event loops turn. */
  static Answer health(EventLoops loops) {
    return stuck(loops)
        .map(why -> Answer.text(503, "unhealthy: " + why))
        .orElseGet(() -> Answer.text(200, "healthy"));
  }

  @Override
  public void close() {
    server.ifPresent(AdminServer::close);
    exposition.close();
  }
}
