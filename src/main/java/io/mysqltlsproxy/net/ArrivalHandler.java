package io.mysqltlsproxy.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.Consumer;

/**
 * Hands over each accepted channel, with an empty pipeline. Netty's ChannelInitializer would still
 * be in it, and log a warning with a stack trace if the first write failed because the client is
 * gone already.
 */
@Sharable
public final class ArrivalHandler extends ChannelHandlerAdapter {
  private final Consumer<Channel> arrived;

  /**
   * A handler for all accepted channels.
   *
   * @param arrived called on the channel's event loop
   */
  public ArrivalHandler(Consumer<Channel> arrived) {
    this.arrived = arrived;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    ctx.pipeline().remove(this);
    arrived.accept(channel);
  }
}
