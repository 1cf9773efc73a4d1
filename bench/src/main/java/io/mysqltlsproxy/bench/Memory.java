package io.mysqltlsproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Where a buffer lies. */
public enum Memory {
  HEAP {
    @Override
    ByteBuf buffer(int bytes) {
      return ByteBufAllocator.DEFAULT.heapBuffer(bytes);
    }
  },
  DIRECT {
    @Override
    ByteBuf buffer(int bytes) {
      return ByteBufAllocator.DEFAULT.directBuffer(bytes);
    }
  };

  abstract ByteBuf buffer(int bytes);

  /** A buffer with these bytes in it. */
  ByteBuf of(byte[] bytes) {
    return buffer(bytes.length).writeBytes(bytes);
  }
}
