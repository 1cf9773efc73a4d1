package io.mysqltlsproxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * For bytes that may be a password: no copy of them is left behind in a buffer that is released.
 */
public final class WipedBuffers {
  private WipedBuffers() {}

  /**
   * The readable bytes of both in one buffer, which may be one of the two. Takes over both
   * references.
   */
  public static ByteBuf join(ByteBufAllocator allocator, ByteBuf first, ByteBuf next) {
    if (!first.isReadable()) {
      first.release();
      return next;
    }
    ByteBuf joined = first;
    if (first.refCnt() > 1 || first.writableBytes() < next.readableBytes()) {
      int length = first.readableBytes() + next.readableBytes();
      joined = allocator.buffer(allocator.calculateNewCapacity(length, Integer.MAX_VALUE));
      joined.writeBytes(first, first.readerIndex(), first.readableBytes());
      wipe(first);
    }
    joined.writeBytes(next, next.readerIndex(), next.readableBytes());
    wipe(next);
    return joined;
  }

  /** Overwrites the readable bytes, and releases the buffer. */
  public static void wipe(ByteBuf buffer) {
    buffer.setZero(buffer.readerIndex(), buffer.readableBytes());
    buffer.release();
  }

  /** Overwrites the whole buffer, also what has been read of it, and releases it. */
  public static void wipeAll(ByteBuf buffer) {
    buffer.setZero(0, buffer.capacity());
    buffer.release();
  }
}
