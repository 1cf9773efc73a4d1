package io.mysqltlsproxy.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * In front of TLS until its handshake has succeeded. After one that has failed it closes in two
 * steps: nothing more is sent, and once the client has closed too, or has had the time to read what
 * it was sent, the channel closes. Closing at once, with bytes of the client still on their way,
 * would reset the connection, and the client would see that in place of the alert that tells it
 * why.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class LingeringClose extends ChannelDuplexHandler {
  private final Future<?> handshake;
  private boolean closing;

  LingeringClose(Future<?> handshake) {
    this.handshake = handshake;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!handshake.isDone()) {
      ctx.close(promise);
      return;
    }
    ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    if (closing) {
      return;
    }
    closing = true;
    // Not before the alert is out.
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> ((DuplexChannel) ctx.channel()).shutdownOutput());
    ctx.channel().config().setAutoRead(true);
    Future<?> timer =
        ctx.executor().schedule((Runnable) ctx::close, Leg.LINGER_SECONDS, TimeUnit.SECONDS);
    ctx.channel().closeFuture().addListener(closed -> timer.cancel(false));
  }

  /** What the client sends now is of no interest any more. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closing) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }
}
