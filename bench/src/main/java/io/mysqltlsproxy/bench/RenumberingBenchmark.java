package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.codec.SequenceIds;
import io.mysqltlsproxy.connection.EmbeddedRenumbering;
import io.netty.buffer.ByteBuf;
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

/** One packet of a login, from one leg to the other, where the sequence ids differ. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RenumberingBenchmark {
  /** From an answer to the server's scramble to a login with many connection attributes. */
  @Param({"20", "300", "4096"})
  public int bytes;

  /** The client's packets may hold passwords. */
  @Param({"true", "false"})
  public boolean wiped;

  private final SequenceIds ids = new SequenceIds();
  private EmbeddedRenumbering legs;
  private byte[] packet;

  @Setup
  public void connect() {
    legs = new EmbeddedRenumbering(wiped);
    packet = new byte[PacketHeader.LENGTH + bytes];
    packet[0] = (byte) bytes;
    packet[1] = (byte) (bytes >> 8);
  }

  @Benchmark
  public int packet() {
    packet[3] = (byte) ids.take();
    ByteBuf relayed = legs.relay(Memory.DIRECT.of(packet));
    int length = relayed.readableBytes();
    relayed.release();
    return length;
  }

  @TearDown
  public void close() {
    legs.close();
  }
}
