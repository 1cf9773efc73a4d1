package io.mysqltlsproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;

/** Carries bytes between channels in memory. */
final class Wire {
  private Wire() {}

  /** Carries what the one has sent to the other; false where there was nothing. */
  static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
    boolean carried = false;
    for (ByteBuf data = from.readOutbound(); data != null; data = from.readOutbound()) {
      receive(to, data);
      carried = true;
    }
    return carried;
  }

  /** Carries both ways until neither side has any more. */
  static void carryAll(EmbeddedChannel one, EmbeddedChannel other) {
    boolean carried;
    do {
      carried = carry(one, other);
      carried |= carry(other, one);
    } while (carried);
  }

  /** One reading of a socket. */
  static void receive(EmbeddedChannel channel, ByteBuf data) {
    channel.pipeline().fireChannelRead(data).fireChannelReadComplete();
  }

  /** Writes and flushes as the proxy does. */
  static void send(Channel channel, ByteBuf data) {
    channel.write(data, channel.voidPromise());
    channel.flush();
  }

  /** Adds what has been sent to a buffer. */
  static void collect(EmbeddedChannel channel, ByteBuf all) {
    for (ByteBuf data = channel.readOutbound(); data != null; data = channel.readOutbound()) {
      all.writeBytes(data);
      data.release();
    }
  }

  /** Drops what has been sent. */
  static void drop(EmbeddedChannel channel) {
    for (ByteBuf data = channel.readOutbound(); data != null; data = channel.readOutbound()) {
      data.release();
    }
  }

  /** Throws where a handshake has failed, or has not ended. */
  static void check(SslHandler tls) {
    if (!tls.handshakeFuture().isSuccess()) {
      throw new IllegalStateException("no handshake", tls.handshakeFuture().cause());
    }
  }
}
