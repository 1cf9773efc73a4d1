package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.ErrPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** Sees whether the server's next packet is an ERR packet; so is the end of the connection. */
final class FirstAnswer extends ChannelInboundHandlerAdapter {
  private static final int PACKET_HEADER = 4;

  private final Channel channel;
  private final Consumer<Boolean> rejected;
  private int seen;
  private boolean told;

  private FirstAnswer(Channel channel, Consumer<Boolean> rejected) {
    this.channel = channel;
    this.rejected = rejected;
  }

  /** Before the packet is asked for, on the channel's event loop. */
  static FirstAnswer of(Channel channel, Consumer<Boolean> rejected) {
    FirstAnswer handler = new FirstAnswer(channel, rejected);
    channel.pipeline().addFirst(handler);
    return handler;
  }

  /** Tells nothing any more. */
  void cancel() {
    told = true;
    if (channel.pipeline().context(this) != null) {
      channel.pipeline().remove(this);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    boolean known = false;
    boolean error = false;
    if (message instanceof ByteBuf bytes) {
      known = seen + bytes.readableBytes() > PACKET_HEADER;
      error =
          known
              && bytes.getUnsignedByte(bytes.readerIndex() + PACKET_HEADER - seen)
                  == ErrPacket.HEADER;
      seen += bytes.readableBytes();
    }
    ctx.fireChannelRead(message);
    if (known && !told) {
      ctx.pipeline().remove(this);
      tell(error);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    tell(true);
  }

  private void tell(boolean error) {
    if (!told) {
      told = true;
      rejected.accept(error);
    }
  }
}
