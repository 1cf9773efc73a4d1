package io.mysqltlsproxy.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** The last handler of a leg: reports its end and its failures to the connection's lifecycle. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class EndHandler extends ChannelInboundHandlerAdapter {

  /** Whose leg it is. */
  interface Life {
    /** One side has closed its connection. */
    void ended(Side side);

    /** A handler failed, or detected a violation of the protocol. */
    void failed(Side side, Throwable cause);
  }

  /** How long a peer that takes nothing more may take to come to its end. */
  private static final int DRAIN_SECONDS = 60;

  private final Life life;
  private final Side side;
  private boolean draining;

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
    if (cause instanceof IOException && !(cause instanceof SSLException)) {
      drain(ctx.channel());
    } else {
      life.failed(side, cause);
    }
  }

  /**
   * Reads to the end. A peer that has closed cannot be written to, but what it said before may
   * still wait to be read: such as why it closed. Where reading fails, the channel is closed
   * already.
   */
  private void drain(Channel channel) {
    if (draining || !channel.isActive()) {
      return;
    }
    draining = true;
    channel.config().setAutoRead(true);
    Future<?> timer =
        channel.eventLoop().schedule((Runnable) channel::close, DRAIN_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }
}
