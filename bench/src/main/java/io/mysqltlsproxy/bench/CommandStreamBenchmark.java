package io.mysqltlsproxy.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.codec.PacketFormatException;
import io.mysqltlsproxy.codec.ResponseTracker;
import io.mysqltlsproxy.connection.EmbeddedRelay;
import io.mysqltlsproxy.connection.EmbeddedRelay.Between;
import io.mysqltlsproxy.metrics.TrafficMetrics;
import io.mysqltlsproxy.sslstatus.SslStatusFilter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
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
 * Both sides' bytes after the login, without TLS: followed by their headers ({@code followed}), and
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
  private static final int READING = 256 * 1024;

  /** One reading of a socket. */
  private record Reading(boolean client, ByteBuf bytes) {}

  @Param public CommandShape commands;

  private final ResponseTracker responses = new ResponseTracker(Packets.CAPABILITIES);
  private final CommandFrames frames = new CommandFrames(new SslStatusFilter(false), responses);
  private final List<Reading> readings = new ArrayList<>();

  @Setup
  public void write() {
    for (CommandShape.Exchange exchange : commands.exchanges()) {
      for (byte[] bytes : exchange.commandsBy(RECORD)) {
        readings.add(new Reading(true, Memory.DIRECT.of(bytes)));
      }
      for (byte[] bytes : exchange.answersBy(READING)) {
        readings.add(new Reading(false, Memory.DIRECT.of(bytes)));
      }
    }
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
  public ResponseTracker.State followed() throws PacketFormatException {
    for (Reading reading : readings) {
      if (reading.client) {
        frames.scan(reading.bytes);
      } else {
        responses.received(reading.bytes);
      }
    }
    if (responses.state() != ResponseTracker.State.IDLE) {
      throw new IllegalStateException(responses.state() + " " + responses.problem());
    }
    return responses.state();
  }

  @Benchmark
  public void relay(Relay relay) {
    for (Reading reading : readings) {
      ByteBuf bytes = reading.bytes.retainedDuplicate();
      if (reading.client) {
        Wire.receive(relay.legs.client(), bytes);
        Wire.drop(relay.legs.server());
      } else {
        Wire.receive(relay.legs.server(), bytes);
        Wire.drop(relay.legs.client());
      }
    }
  }

  @TearDown
  public void release() {
    readings.forEach(reading -> reading.bytes.release());
  }
}
