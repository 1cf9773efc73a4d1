package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.codec.PacketHeader;
import io.mysqltlsproxy.codec.TextResultSet;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Exchanges the rows of the server's next answer, and takes itself out behind it. OK packets before
 * it answer statements that were sent along with the question, and pass. An answer that is not one
 * short text result set passes as it is.
 */
public final class ResultSetRewriter extends ChannelInboundHandlerAdapter {
  /** The longest answer to keep whole, in bytes: all of a server's status is about a third. */
  private static final int MAX_LENGTH = 128 * 1024;

  private final boolean deprecateEof;
  private final Function<TextResultSet, Optional<List<byte[]>>> rows;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  /**
   * A filter for one answer.
   *
   * @param deprecateEof whether both sides have CLIENT_DEPRECATE_EOF
   * @param rows gives the answer other rows, if it should have others
   */
  public ResultSetRewriter(
      boolean deprecateEof, Function<TextResultSet, Optional<List<byte[]>>> rows) {
    this.deprecateEof = deprecateEof;
    this.rows = rows;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, (ByteBuf) message);
    while (startsWithOk()) {
      ctx.fireChannelRead(
          held.readRetainedSlice(
              PacketHeader.LENGTH + held.getUnsignedMediumLE(held.readerIndex())));
    }
    try {
      Optional<TextResultSet> answer = TextResultSet.read(held, deprecateEof);
      if (answer.isEmpty() && held.readableBytes() <= MAX_LENGTH) {
        return;
      }
      answer.ifPresent(whole -> exchange(ctx, whole));
    } catch (MalformedPacketException anotherKindOfAnswer) {
      // It passes as it is, like one that is too long.
    }
    ctx.pipeline().remove(this);
  }

  /** A whole one: no result set begins with its header, 0. */
  private boolean startsWithOk() {
    int start = held.readerIndex();
    return held.readableBytes() > PacketHeader.LENGTH
        && held.getByte(start + PacketHeader.LENGTH) == 0
        && held.readableBytes() >= PacketHeader.LENGTH + held.getUnsignedMediumLE(start);
  }

  private void exchange(ChannelHandlerContext ctx, TextResultSet answer) {
    rows.apply(answer)
        .ifPresent(
            others -> {
              ByteBuf exchanged = answer.withRows(others, ctx.alloc());
              held.skipBytes(answer.length());
              ctx.fireChannelRead(exchanged);
            });
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(this);
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ByteBuf rest = held;
    held = Unpooled.EMPTY_BUFFER;
    if (rest.isReadable()) {
      ctx.fireChannelRead(rest);
    } else {
      rest.release();
    }
  }
}
