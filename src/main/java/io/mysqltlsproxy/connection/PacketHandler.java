package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.WipedBuffers;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** What to do with the next packet of one leg: the only handler of a phase. */
final class PacketHandler extends ChannelInboundHandlerAdapter {

  /** Takes one packet. */
  @FunctionalInterface
  interface Receiver {
    /**
     * A packet has come.
     *
     * @param payload wiped and released after the call
     */
    void receive(ByteBuf payload) throws MalformedPacketException;

    /** No more packets will come, for whatever reason. */
    default void end() {}
  }

  private final Receiver receiver;

  PacketHandler(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message)
      throws MalformedPacketException {
    ByteBuf payload = (ByteBuf) message;
    try {
      receiver.receive(payload);
    } finally {
      // It may have held a password, and nobody needs the bytes any more.
      WipedBuffers.wipeAll(payload);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    receiver.end();
  }
}
