package io.mysqltlsproxy.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The end of a leg whose peer is to read to the last byte what it was sent. First all of that goes
 * out, then the end of the stream; what the peer sends meanwhile is read and forgotten; and when
 * the peer closes, or has been silent for {@value Leg#LINGER_SECONDS} s, the channel closes.
 *
 * <p>Closing at once would cut what is still queued; and with bytes of the peer unread, it would
 * reset the connection, so that the peer lost what it had not read yet.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class LastWords extends ChannelInboundHandlerAdapter {
  private final int maxLingerSeconds;
  private boolean heard;
  private int lingered;

  /**
   * For one leg.
   *
   * @param maxLingerSeconds how long a peer that goes on sending is listened to after the end
   */
  LastWords(int maxLingerSeconds) {
    this.maxLingerSeconds = maxLingerSeconds;
  }

  /** Begins. A peer that does not take what is queued is not waited for endlessly. */
  void speak(Channel channel) {
    channel.config().setAutoRead(true);
    closeAfter(channel, Leg.FLUSH_SECONDS + maxLingerSeconds);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                channel.close();
                return;
              }
              endStream(channel);
              linger(channel);
            });
  }

  private static void endStream(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      ((DuplexChannel) channel).shutdownOutput();
    } else {
      tls.closeOutbound().addListener(sent -> ((DuplexChannel) channel).shutdownOutput());
    }
  }

  private void linger(Channel channel) {
    Future<?> timer =
        channel.eventLoop().schedule(() -> silent(channel), Leg.LINGER_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  private void silent(Channel channel) {
    lingered += Leg.LINGER_SECONDS;
    if (heard && lingered < maxLingerSeconds) {
      heard = false;
      linger(channel);
    } else {
      channel.close();
    }
  }

  private static void closeAfter(Channel channel, int seconds) {
    Future<?> timer =
        channel.eventLoop().schedule((Runnable) channel::close, seconds, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heard = true;
    ReferenceCountUtil.release(message);
  }
}
