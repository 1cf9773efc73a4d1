package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.codec.ResponseTracker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Server to client, after the login: bytes as they come, followed to the end of each response.
 * Reading stops while the client does not take them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
final class ResponseRelay extends ChannelInboundHandlerAdapter {
  private final Channel client;
  private final ResponseTracker responses;
  private final CommandRelay commands;

  ResponseRelay(Channel client, ResponseTracker responses, CommandRelay commands) {
    this.client = client;
    this.responses = responses;
    this.commands = commands;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    responses.received((ByteBuf) message);
    client.write(message, client.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    client.flush();
    if (!client.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
    commands.serverSaidMore();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    commands.serverTakesMoreOrLess();
  }
}
