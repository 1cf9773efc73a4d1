package io.mysqltlsproxy.connection;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mysqltlsproxy.metrics.TrafficMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@code --admin-address} adds to one query: a packet from the client to the server and one
 * back, through the meters of both legs, with a handler that does nothing in the place of TLS. The
 * difference between the two cases is the cost of measuring.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MeteringBenchmark {
  @Param({"false", "true"})
  public boolean metered;

  private final ByteBuf packet = Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeZero(64));
  private EmbeddedChannel client;
  private EmbeddedChannel server;

  @Setup
  public void connect() {
    client = new EmbeddedChannel();
    server = new EmbeddedChannel();
    TrafficEvents events =
        new TrafficMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    meter(client, Side.CLIENT, events);
    meter(server, Side.SERVER, events);
    client.pipeline().addLast("tls", new Nothing());
    if (metered) {
      new TlsStopwatch(events).addAround(client.pipeline(), "tls");
    }
    client.pipeline().addLast(new To(server));
    server.pipeline().addLast(new To(client));
    client.pipeline().fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
  }

  private void meter(EmbeddedChannel channel, Side side, TrafficEvents events) {
    if (metered) {
      SocketMeter meter = new SocketMeter(side, events);
      meter.relayBegins();
      channel.pipeline().addLast(meter);
    }
  }

  @Benchmark
  public void query() {
    client.writeInbound(packet);
    server.readOutbound();
    server.writeInbound(packet);
    client.readOutbound();
  }

  /** As TLS, sees what comes and what goes. */
  private static final class Nothing extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.fireChannelRead(message);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      ctx.flush();
    }
  }

  /** As the relays, writes to the other leg and flushes it. */
  private static final class To extends ChannelInboundHandlerAdapter {
    private final EmbeddedChannel other;

    To(EmbeddedChannel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      other.writeAndFlush(message, other.voidPromise());
    }
  }
}
