package io.mysqltlsproxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client and a server in memory, and the bytes between them. */
public final class Handshake implements AutoCloseable {
  private final SslHandler client;
  private final SslHandler server;
  private final EmbeddedChannel clientChannel;
  private final EmbeddedChannel serverChannel;
  private final StringBuilder received = new StringBuilder();

  /** Runs a handshake to its end, good or bad. */
  public Handshake(ServerTls serverTls, SslHandler client) {
    this.client = client;
    serverChannel = new EmbeddedChannel();
    server = serverTls.newHandler(serverChannel.alloc());
    serverChannel.pipeline().addLast(server, new Echo());
    clientChannel = new EmbeddedChannel();
    clientChannel.pipeline().addLast(client, new Sink(received));
    pump();
  }

  /** Carries bytes until neither side has any more. */
  public void pump() {
    boolean moved;
    do {
      clientChannel.runPendingTasks();
      serverChannel.runPendingTasks();
      boolean there = carry(clientChannel, serverChannel);
      boolean back = carry(serverChannel, clientChannel);
      moved = there || back;
    } while (moved);
  }

  private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      moved = true;
      if (to.isOpen()) {
        to.writeInbound(bytes);
      } else {
        bytes.release();
      }
    }
    return moved;
  }

  /** Sends text to the server, which echoes, and returns all that the client has received. */
  public String send(String text) {
    clientChannel.writeOutbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    pump();
    return received.toString();
  }

  public SslHandler client() {
    return client;
  }

  public boolean succeeded() {
    return server.handshakeFuture().isSuccess();
  }

  public @Nullable Throwable serverFailure() {
    return server.handshakeFuture().cause();
  }

  @Nullable Throwable clientFailure() {
    return client.handshakeFuture().cause();
  }

  public boolean serverIsOpen() {
    return serverChannel.isOpen();
  }

  public TlsSession session() {
    return TlsSession.of(server.engine());
  }

  @Override
  public void close() {
    var unused = clientChannel.close();
    pump();
    unused = serverChannel.close();
    clientChannel.finishAndReleaseAll();
    serverChannel.finishAndReleaseAll();
  }

  /** Collects what arrives; failures are read off the handshake's future. */
  private static class Sink extends ChannelInboundHandlerAdapter {
    private final StringBuilder received;

    Sink(StringBuilder received) {
      this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      received.append(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var unused = ctx.close();
    }
  }

  /** As a MySQL server, it answers; BoringSSL sends its tickets only along with an answer. */
  private static final class Echo extends Sink {
    Echo() {
      super(new StringBuilder());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var unused = ctx.writeAndFlush(message);
    }
  }
}
