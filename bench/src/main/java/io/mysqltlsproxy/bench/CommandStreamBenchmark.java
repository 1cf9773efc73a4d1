package io.mysqltlsproxy.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.connection.EmbeddedRelay;
import io.mysqltlsproxy.connection.EmbeddedRelay.Between;
import io.mysqltlsproxy.metrics.TrafficMetrics;
import io.mysqltlsproxy.sslstatus.SslStatusQuery;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The client's bytes after the login, without TLS: followed by their headers ({@code frames}), and
 * relayed from one channel in memory to another ({@code relay}). The figures are for the whole of a
 * shape.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandStreamBenchmark {
  private static final int RECORD = 16 * 1024;

  @Param public CommandShape commands;

  private final CommandFrames frames = new CommandFrames(SslStatusQuery.FILTER);
  private List<ByteBuf> data;

  @Setup
  public void write() {
    data = commands.readings(RECORD).stream().map(Memory.DIRECT::of).toList();
  }

  /** Two channels, and what is between them. */
  @State(Scope.Thread)
  public static class Relay {
    @Param public Between between;

    private EmbeddedRelay legs;

    @Setup
    public void connect() {
      legs =
          EmbeddedRelay.of(
              between, Optional.empty(), new TrafficMetrics(new SimpleMeterRegistry()));
    }

    @TearDown
    public void close() {
      legs.close();
    }
  }

  @Benchmark
  public int frames() {
    int passing = 0;
    for (ByteBuf reading : data) {
      passing += frames.scan(reading);
    }
    return passing;
  }

  @Benchmark
  public void relay(Relay relay) {
    for (ByteBuf reading : data) {
      Wire.receive(relay.legs.client(), reading.retainedDuplicate());
      Wire.drop(relay.legs.server());
    }
  }

  @TearDown
  public void release() {
    data.forEach(ByteBuf::release);
  }
}
