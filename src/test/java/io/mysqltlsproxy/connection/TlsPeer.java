package io.mysqltlsproxy.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** A client's side of TLS, in memory. What it is sent may be nonsense: then it has failed. */
final class TlsPeer {
  private static final SslContext CONTEXT = context();

  private final SslHandler handler = CONTEXT.newHandler(Unpooled.buffer().alloc());
  private final EmbeddedChannel channel = new EmbeddedChannel(handler);
  private boolean failed;

  private static SslContext context() {
    try {
      return SslContextBuilder.forClient()
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether bytes can be {@link #encrypt encrypted}. */
  boolean isReady() {
    return !failed && handler.handshakeFuture().isSuccess();
  }

  /** Takes what has come, and returns what it says. */
  byte[] decrypt(byte[] bytes) {
    if (!failed && bytes.length > 0) {
      try {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      } catch (Exception nonsense) {
        failed = true;
      }
    }
    return all(channel::readInbound);
  }

  byte[] encrypt(byte[] bytes) {
    try {
      channel.writeOutbound(Unpooled.wrappedBuffer(bytes));
    } catch (Exception closed) {
      failed = true;
    }
    return toSend();
  }

  /** What is to go to the other side: a part of the handshake, or an alert. */
  byte[] toSend() {
    return all(channel::readOutbound);
  }

  void close() {
    try {
      channel.finishAndReleaseAll();
    } catch (Exception nonsense) {
      failed = true;
    }
  }

  private static byte[] all(Supplier<ByteBuf> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf part = parts.get(); part != null; part = parts.get()) {
      all.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
    return all.toByteArray();
  }
}
