package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.admin.Page.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.util.Iterator;

/** The body of a long answer, of which each part is made when the client can take it. */
final class BodyPieces implements ChunkedInput<ByteBuf> {
  /** In characters, and some more: the last piece is not cut. */
  private static final int PART_LENGTH = 16 << 10;

  private final Iterator<String> rest;
  private String beginning;
  private long progress;

  BodyPieces(Answer answer) {
    beginning = answer.body();
    rest = answer.rest();
  }

  @Override
  public boolean isEndOfInput() {
    return beginning.isEmpty() && !rest.hasNext();
  }

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) {
    StringBuilder part = new StringBuilder(beginning);
    beginning = "";
    while (part.length() < PART_LENGTH && rest.hasNext()) {
      part.append(rest.next());
    }
    ByteBuf bytes = ByteBufUtil.writeUtf8(allocator, part);
    progress += bytes.readableBytes();
    return bytes;
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public ByteBuf readChunk(ChannelHandlerContext ctx) {
    return readChunk(ctx.alloc());
  }

  @Override
  public long length() {
    return -1;
  }

  @Override
  public long progress() {
    return progress;
  }

  @Override
  public void close() {
    // It holds nothing that must be given back.
  }
}
