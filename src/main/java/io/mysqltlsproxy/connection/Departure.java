package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.net.Guard;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * In front of a client's leg while the proxy drains: disconnects the client when it has no command,
 * transaction or cursor open. A pool's idle connection goes after {@link #QUIET}. A busy one stays
 * until half of the time is over, since its next statement would meet an error, and goes after its
 * current statement or transaction from then on.
 *
 * <p>The client gets ERR 1053 under the sequence id that the response to its next command would
 * have. So a command that crosses it on the way is answered by it, and never reaches the server.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
final class Departure extends ChannelDuplexHandler {
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final LiveConnection live;
  private final long urgentAt;
  private long activeAt = System.nanoTime();

  /**
   * For one connection.
   *
   * @param urgentAt when busy clients are to go, as {@link System#nanoTime}
   */
  Departure(LiveConnection live, long urgentAt) {
    this.live = live;
    this.urgentAt = urgentAt;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    waitFor(ctx.channel(), QUIET.toNanos());
    waitFor(ctx.channel(), Math.max(0, urgentAt - System.nanoTime()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    activeAt = System.nanoTime();
    ctx.fireChannelRead(message);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    activeAt = System.nanoTime();
    if (isUrgent(activeAt)) {
      waitFor(ctx.channel(), 0);
    }
  }

  private boolean isUrgent(long now) {
    return now - urgentAt >= 0;
  }

  private void waitFor(Channel channel, long nanos) {
    channel
        .eventLoop()
        .schedule(Guard.task(channel, () -> look(channel)), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(Channel channel) {
    if (live.phase() instanceof ClientPhase.Closed) {
      return;
    }
    long now = System.nanoTime();
    boolean mayGo = live.phase() instanceof Commands commands && commands.isAtRest();
    long quiet = now - activeAt;
    if (mayGo && (quiet >= QUIET.toNanos() || isUrgent(now))) {
      live.closeHere(CloseReason.SHUTDOWN, Drain.REASON);
    } else if (!isUrgent(now)) {
      waitFor(channel, mayGo ? QUIET.toNanos() - quiet : QUIET.toNanos());
    }
  }
}
