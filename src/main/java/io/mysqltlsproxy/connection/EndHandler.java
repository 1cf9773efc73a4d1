package io.mysqltlsproxy.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** The last handler of a leg: tells the connection's life what befell it. */
final class EndHandler extends ChannelInboundHandlerAdapter {

  /** Whose leg it is. */
  interface Life {
    /** One side has closed its connection. */
    void ended(Side side);

    /** A handler failed, or met what must not be. */
    void failed(Side side, Throwable cause);
  }

  private final Life life;
  private final Side side;

  EndHandler(Life life, Side side) {
    this.life = life;
    this.side = side;
  }

  Side side() {
    return side;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    life.ended(side);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    life.failed(side, cause);
  }
}
