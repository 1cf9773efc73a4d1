package io.mysqltlsproxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AlertWatchTest {
  private static final int WARNING = 1;
  private static final int FATAL = 2;

  static Stream<Arguments> enginesAndVersions() {
    return Arrays.stream(EngineChoice.values())
        .flatMap(
            engine ->
                Stream.of("TLSv1.2", "TLSv1.3").map(version -> Arguments.of(engine, version)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void everyAlertThatComesUnencryptedAfterTheServersHelloIsNamed(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory);
    try (ServerTls server = tls.load(engine)) {
      byte[] hello = clientHello(tls, version);
      for (Alert alert : Alert.values()) {
        Throwable failure = fail(server, hello, record(FATAL, alert), 1 << 14);

        assertEquals(alert.meaning(), HandshakeFailures.describe(failure));
        assertEquals(
            alert.rejectsCertificate(),
            HandshakeFailures.isRejectedCertificate(failure),
            "" + alert);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndVersions")
  void anAlertInPiecesAndAfterAWarningIsNamedToo(
      EngineChoice engine, String version, @TempDir Path directory) throws Exception {
    TestTls tls = new TestTls(directory);
    try (ServerTls server = tls.load(engine)) {
      byte[] both = new byte[14];
      System.arraycopy(record(WARNING, Alert.UNRECOGNIZED_NAME), 0, both, 0, 7);
      System.arraycopy(record(FATAL, Alert.UNKNOWN_CA), 0, both, 7, 7);
      byte[] hello = clientHello(tls, version);

      for (int length : new int[] {1, 3, 6}) {
        Throwable failure = fail(server, hello, record(FATAL, Alert.UNKNOWN_CA), length);
        assertEquals(Alert.UNKNOWN_CA.meaning(), HandshakeFailures.describe(failure));
      }
      Throwable failure = fail(server, hello, both, both.length);
      assertEquals(Alert.UNKNOWN_CA.meaning(), HandshakeFailures.describe(failure));
    }
  }

  @Test
  void whatIsNoAlertExplainsNothing() {
    AlertWatch alerts = new AlertWatch();
    EmbeddedChannel channel = new EmbeddedChannel(alerts);
    // A change of cipher, an encrypted alert, application data that looks like an alert.
    channel.writeInbound(
        Unpooled.copiedBuffer(new byte[] {20, 3, 3, 0, 1, 1, 21, 3, 3, 0, 3, 2, 48, 0}),
        Unpooled.copiedBuffer(new byte[] {23, 3, 3, 0, 7, 21, 3, 3, 0, 2, 2, 48}));
    Exception cause = new IllegalStateException();

    assertSame(cause, alerts.explain(cause));
    channel.finishAndReleaseAll();
  }

  @Test
  void theMeaningNamesTheAlert() {
    for (Alert alert : Alert.values()) {
      String name = "(alert " + alert.name().toLowerCase(Locale.ROOT) + ")";
      assertFalse(alert.meaning().indexOf(name) < 0, alert.meaning());
    }
  }

  private static byte[] record(int level, Alert alert) {
    return new byte[] {21, 3, 3, 0, 2, (byte) level, (byte) alert.code()};
  }

  private static byte[] clientHello(TestTls tls, String version) throws Exception {
    EmbeddedChannel client =
        new EmbeddedChannel(TestTls.handler(tls.client().protocols(version)), new Quiet());
    ByteBuf hello = client.readOutbound();
    byte[] bytes = new byte[hello.readableBytes()];
    hello.readBytes(bytes).release();
    client.finishAndReleaseAll();
    return bytes;
  }

  private static Throwable fail(ServerTls server, byte[] hello, byte[] alert, int pieces) {
    AlertWatch alerts = new AlertWatch();
    EmbeddedChannel channel = new EmbeddedChannel();
    SslHandler handler = server.newHandler(channel.alloc());
    channel.pipeline().addLast(alerts, handler, new Quiet());
    channel.writeInbound(Unpooled.copiedBuffer(hello));
    channel.runPendingTasks();
    for (int at = 0; at < alert.length; at += pieces) {
      channel.writeInbound(Unpooled.copiedBuffer(alert, at, Math.min(pieces, alert.length - at)));
    }
    channel.runPendingTasks();
    var unused = channel.close();
    channel.finishAndReleaseAll();
    return alerts.explain(Objects.requireNonNull(handler.handshakeFuture().cause()));
  }

  private static final class Quiet extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var unused = ctx.close();
    }
  }
}
