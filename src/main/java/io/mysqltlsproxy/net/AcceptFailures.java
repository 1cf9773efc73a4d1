package io.mysqltlsproxy.net;

import io.mysqltlsproxy.log.LogThrottle;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On a listener: what is done when no client can be accepted, most likely since the process has as
 * many files open as it may. Clients wait in the kernel's queue, and accepting is tried again after
 * a while; at once it would fail again, in an endless loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
public final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger("connection");
  private static final int PAUSE_MILLIS = 250;

  private final LogThrottle throttle = new LogThrottle(System::nanoTime);

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    OptionalInt unsaid = throttle.pass();
    if (unsaid.isPresent()) {
      String again =
          unsaid.getAsInt() == 0
              ? ""
              : " (" + unsaid.getAsInt() + " more failures since the last such line)";
      if (OpenFiles.areExhausted(cause)) {
        log.error("cannot accept clients: out of file descriptors; {}{}", OpenFiles.hint(), again);
      } else {
        log.error("cannot accept clients: {}{}", cause.toString(), again);
      }
    }
    ctx.channel().config().setAutoRead(false);
    ctx.executor()
        .schedule(
            () -> ctx.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
