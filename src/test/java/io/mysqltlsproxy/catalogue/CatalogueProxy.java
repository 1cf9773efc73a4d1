package io.mysqltlsproxy.catalogue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mysqltlsproxy.auth.PluginExchanges;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.metrics.ConnectionMetrics;
import io.mysqltlsproxy.metrics.TrafficMetrics;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.reload.Reloader;
import io.mysqltlsproxy.testing.RunningProxy;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** A proxy in this JVM: its log, told from that of others by its threads, and its metrics. */
final class CatalogueProxy implements AutoCloseable {

  /** The option by which the proxy is its own server. */
  static final String AT_BACKEND = "port=backend";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();
  private final Logger logger = (Logger) LoggerFactory.getLogger("connection");
  private final Appender appender = new Appender();
  private final Reloader reloader;
  private final Proxy proxy;

  CatalogueProxy(String backend, List<String> options) throws IOException {
    try {
      OptionValues values =
          OptionSources.read(
              RunningProxy.flags(
                  backend,
                  options.stream()
                      .map(option -> option.equals(AT_BACKEND) ? "port=" + port(backend) : option)
                      .toArray(String[]::new)),
              Map.of(),
              Path.of("no-option-file.cnf"));
      reloader = Reloader.load(values);
      ConnectionSettings settings =
          ConnectionSettings.from(
              values,
              PluginExchanges.load(values),
              reloader,
              new ConnectionMetrics(registry, new TrafficMetrics(registry)));
      proxy =
          Proxy.start(
              settings,
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(),
                  options.contains(AT_BACKEND) ? values.get(Options.PORT) : 0));
    } catch (OptionException e) {
      throw new IllegalArgumentException(e);
    }
    for (EventExecutor loop : proxy.eventLoops()) {
      loop.submit(() -> threads.add(Thread.currentThread().getName())).syncUninterruptibly();
    }
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.addAppender(appender);
  }

  private static String port(String backend) {
    return backend.substring(backend.lastIndexOf(':') + 1);
  }

  /** Where clients connect. */
  InetSocketAddress address() {
    return proxy.address();
  }

  /** How often each metric of an end was counted. */
  Map<String, Double> ends() {
    Map<String, Double> counts = new TreeMap<>();
    for (Counter counter : registry.find("mysql.tls.proxy.failures").counters()) {
      counts.put("failures " + counter.getId().getTag("reason"), counter.count());
    }
    for (Counter counter : registry.find("mysql.tls.proxy.refusals").counters()) {
      counts.put("refusals " + counter.getId().getTag("reason"), counter.count());
    }
    return counts;
  }

  /** The metrics that have grown. */
  String grownSince(Map<String, Double> before) {
    return ends().entrySet().stream()
        .filter(end -> end.getValue() > before.getOrDefault(end.getKey(), 0.0))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }

  /** The lines of its log about clients, without their addresses. */
  List<String> lines() {
    return new ArrayList<>(lines);
  }

  @Override
  public void close() {
    proxy.close();
    reloader.close();
    logger.detachAppender(appender);
    registry.close();
  }

  private final class Appender extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (threads.contains(event.getThreadName())) {
        String message = event.getFormattedMessage();
        lines.add(message.substring(message.indexOf(": ") + 2));
      }
    }
  }
}
