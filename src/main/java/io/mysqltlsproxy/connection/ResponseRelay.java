package io.mysqltlsproxy.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Server to client, after the login: bytes as they come. Reading stops while the client does not
 * take them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class ResponseRelay extends ChannelInboundHandlerAdapter {
  private final Channel client;
  private final Turn turn;

  ResponseRelay(Channel client, Turn turn) {
    this.client = client;
    this.turn = turn;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    turn.serverSent((ByteBuf) message);
    client.write(message, client.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    client.flush();
    if (!client.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    client.config().setAutoRead(ctx.channel().isWritable());
  }
}
