package io.mysqltlsproxy.connection;

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
     * @param payload released after the call; retain it to keep it
     */
    void receive(ByteBuf payload) throws MalformedPacketException;
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
      payload.release();
    }
  }
}
