package io.mysqltlsproxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A packet's header: payload length 3, little-endian; sequence id 1. A payload of exactly {@link
 * #MAX_PAYLOAD} bytes is continued in the next packet.
 */
public final class PacketHeader {
  /** In bytes. */
  public static final int LENGTH = 4;

  /** The longest payload of one packet, in bytes. */
  public static final int MAX_PAYLOAD = 0xFFFFFF;

  private PacketHeader() {}

  /**
   * A packet of a payload shorter than {@link #MAX_PAYLOAD}. Takes over the payload's reference.
   */
  public static ByteBuf frame(ByteBuf payload, int sequenceId, ByteBufAllocator allocator) {
    int length = payload.readableBytes();
    if (length >= MAX_PAYLOAD) {
      payload.release();
      throw new IllegalArgumentException(length + " bytes do not fit into one packet");
    }
    try {
      return allocator
          .buffer(LENGTH + length)
          .writeMediumLE(length)
          .writeByte(sequenceId)
          .writeBytes(payload);
    } finally {
      payload.release();
    }
  }
}
