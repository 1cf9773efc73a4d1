package io.mysqltlsproxy.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mysqltlsproxy.connection.EmbeddedRelay;
import io.mysqltlsproxy.connection.EmbeddedRelay.Between;
import io.mysqltlsproxy.metrics.TrafficMetrics;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.Map;
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
 * A point select and its answer through both legs, in memory. With TLS, the client's share of it is
 * timed too, and its garbage counts; what {@code NOTHING} between the legs costs is to be taken
 * off.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PipelineBenchmark {
  @Param({"true", "false"})
  public boolean encrypted;

  @Param public Between between;

  private final byte[] select = ByteBufUtil.getBytes(CommandShape.select());
  private final byte[] answer = PointSelect.answer();
  private ProxyTls tls;
  private EmbeddedRelay legs;
  private EmbeddedChannel client;

  @Setup
  public void connect() throws Exception {
    tls = ProxyTls.load(TlsLibrary.BORING_SSL, KeyKind.P256, Map.of());
    legs =
        EmbeddedRelay.of(
            between,
            encrypted ? Optional.of(tls.server()) : Optional.empty(),
            new TrafficMetrics(new SimpleMeterRegistry()));
    client = new EmbeddedChannel();
    if (encrypted) {
      client
          .pipeline()
          .addLast(ProxyTls.client(SslProvider.OPENSSL_REFCNT).build().newHandler(client.alloc()));
      Wire.carryAll(client, legs.client());
      Wire.check(legs.client().pipeline().get(SslHandler.class));
    }
    client.pipeline().addLast(new Discard());
  }

  @Benchmark
  public void pointSelect() {
    Wire.send(client, Memory.DIRECT.of(select));
    Wire.carry(client, legs.client());
    Wire.drop(legs.server());
    Wire.receive(legs.server(), Memory.DIRECT.of(answer));
    Wire.carry(legs.client(), client);
  }

  @TearDown
  public void close() {
    legs.close();
    client.finishAndReleaseAll();
    tls.close();
  }
}
