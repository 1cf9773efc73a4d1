package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.tls.HandshakeFailures;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * In front of TLS until its handshake has succeeded. After one that has failed it closes in two
 * steps: nothing more is sent, and once the client has closed too, or has had the time to read what
 * it was sent, the channel closes. Closing at once, with bytes of the client still on their way,
 * would reset the connection, and the client would see that in place of the alert that tells it
 * why. Where too many certificates are refused, the alert waits first: see {@link RefusalPace}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class LingeringClose extends ChannelDuplexHandler {
  private final Future<?> handshake;
  private final BooleanSupplier delays;
  private boolean failed;
  private boolean closing;
  private boolean waiting;
  private @Nullable PendingWriteQueue queue;

  /**
   * For one handshake.
   *
   * @param delays counts a refused certificate, and says whether the alert is to wait
   */
  LingeringClose(Future<?> handshake, BooleanSupplier delays) {
    this.handshake = handshake;
    this.delays = delays;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    queue = new PendingWriteQueue(ctx);
  }

  /** BoringSSL's alert comes just before the handshake is said to have failed. */
  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    queue().add(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    Throwable cause = handshake.cause();
    if (cause != null && !failed) {
      failed = true;
      if (HandshakeFailures.isRefusedCertificate(cause) && delays.getAsBoolean()) {
        waiting = true;
        ctx.executor()
            .schedule(() -> release(ctx), RefusalPace.DELAY.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    if (!waiting) {
      queue().removeAndWriteAll();
      ctx.flush();
    }
  }

  private void release(ChannelHandlerContext ctx) {
    waiting = false;
    flush(ctx);
    if (closing && ctx.channel().isActive()) {
      stopSending(ctx);
    }
  }

  private PendingWriteQueue queue() {
    return Objects.requireNonNull(queue, "not in a pipeline");
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
    ctx.channel().config().setAutoRead(true);
    flush(ctx);
    if (!waiting) {
      stopSending(ctx);
    }
  }

  private static void stopSending(ChannelHandlerContext ctx) {
    // Not before the alert is out.
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> ((DuplexChannel) ctx.channel()).shutdownOutput());
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

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    queue().removeAndFailAll(new ClosedChannelException());
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    queue().removeAndWriteAll();
  }
}
