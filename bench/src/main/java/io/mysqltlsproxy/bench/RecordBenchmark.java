package io.mysqltlsproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One TLS record, encrypted or decrypted by the handler that stands in the proxy's pipeline. The
 * client is the JDK's, which can offer a single suite.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RecordBenchmark {
  private static final int BATCH = 64;

  /** More than a record has besides its contents, in bytes. */
  private static final int OVERHEAD = 256;

  /** A client and the proxy, which have shaken hands. */
  @State(Scope.Thread)
  public static class Ends {
    @Param public TlsLibrary library;
    @Param public Suite suite;
    @Param public Memory memory;

    @Param({"100", "1400", "16384"})
    public int bytes;

    private ProxyTls tls;
    EmbeddedChannel client;
    EmbeddedChannel proxy;
    byte[] plain;

    @Setup
    public void handshake() throws Exception {
      tls = ProxyTls.load(library, KeyKind.P256, Map.of("tls-version", suite.version()));
      plain = new byte[bytes];
      proxy = new EmbeddedChannel();
      SslHandler handler = tls.server().newHandler(proxy.alloc());
      proxy.pipeline().addLast(handler, new Discard());
      client = new EmbeddedChannel();
      client
          .pipeline()
          .addLast(
              ProxyTls.client(SslProvider.JDK)
                  .protocols(suite.version())
                  .ciphers(suite.ciphers())
                  .build()
                  .newHandler(client.alloc()),
              new Discard());
      Wire.carryAll(client, proxy);
      Wire.check(handler);
    }

    @TearDown
    public void close() {
      client.finishAndReleaseAll();
      proxy.finishAndReleaseAll();
      tls.close();
    }
  }

  /** Records that the client has encrypted; making them is not timed, but its garbage counts. */
  @State(Scope.Thread)
  public static class Records extends Ends {
    private final ByteBuf[] records = new ByteBuf[BATCH];

    @Setup(Level.Invocation)
    public void encrypt() {
      for (int i = 0; i < BATCH; i++) {
        Wire.send(client, Memory.DIRECT.of(plain));
        records[i] = memory.buffer(bytes + OVERHEAD);
        Wire.collect(client, records[i]);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void decrypt(Records received) {
    for (ByteBuf record : received.records) {
      Wire.receive(received.proxy, record);
    }
  }

  @Benchmark
  public void encrypt(Ends ends) {
    Wire.send(ends.proxy, ends.memory.of(ends.plain));
    Wire.drop(ends.proxy);
  }
}
