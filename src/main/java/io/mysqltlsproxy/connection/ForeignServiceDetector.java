package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.ForeignService;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;

/**
 * Looks at the first bytes from the server's side, and removes itself: a service that is not MySQL
 * is named, where else the packet decoder would find fault with a sequence id.
 */
final class ForeignServiceDetector extends ChannelInboundHandlerAdapter {

  /** Another service answers; the message says so, and which one it looks like. */
  static final class ForeignServiceException extends Exception {
    ForeignServiceException(String service) {
      super("not a MySQL server (it looks like " + service + ")");
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf first = (ByteBuf) message;
    Optional<String> service = ForeignService.of(first);
    ctx.pipeline().remove(this);
    if (service.isPresent()) {
      first.release();
      ctx.fireExceptionCaught(new ForeignServiceException(service.get()));
    } else {
      ctx.fireChannelRead(first);
    }
  }
}
