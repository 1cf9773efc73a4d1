package io.mysqltlsproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mysqltlsproxy.log.Logging;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.function.Supplier;

/** All meters, and how Prometheus reads them. */
public final class Exposition implements AutoCloseable {
  /** The text format that every Prometheus reads. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();

  /**
   * Begins with what every process has: build, JVM, memory, processor, files.
   *
   * @param version the program's
   * @param engine the TLS library's name and version
   */
  public Exposition(String version, String engine) {
    // Their names are not what Prometheus' conventions ask for.
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    FunctionCounter.builder("process.cpu", this, each -> cpuSeconds())
        .description("CPU time of the process")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder(Names.PREFIX + "build.info", () -> 1)
        .description("Build information; always 1")
        .tags(
            Tags.of(
                "version", version,
                "engine", engine,
                "java", System.getProperty("java.version")))
        .register(registry);
    dropped("audit", true);
    dropped("other", false);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gc.bindTo(registry);
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
      buffers("direct", allocator.metric()::usedDirectMemory);
      buffers("heap", allocator.metric()::usedHeapMemory);
    }
  }

  private void dropped(String lines, boolean audit) {
    FunctionCounter.builder(
            Names.PREFIX + "log.lines.dropped", this, each -> Logging.dropped(audit))
        .description(
            "Log lines dropped because nobody read standard error or they could not be formatted")
        .tag("lines", lines)
        .register(registry);
  }

  private void buffers(String memory, Supplier<Number> bytes) {
    Gauge.builder(Names.PREFIX + "buffers", bytes)
        .description("Size of the buffer pool")
        .baseUnit("bytes")
        .tag("memory", memory)
        .register(registry);
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(used -> used.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  /** Where meters are registered. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Every meter, as {@link #CONTENT_TYPE}. */
  public String text() {
    return registry.scrape(CONTENT_TYPE);
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
