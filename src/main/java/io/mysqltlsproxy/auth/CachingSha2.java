package io.mysqltlsproxy.auth;

import io.netty.buffer.ByteBuf;

/**
 * What a server says to caching_sha2_password's scramble. MySQL wraps it in AuthMoreData, MariaDB
 * does not.
 */
final class CachingSha2 {
  private static final int AUTH_MORE_DATA = 0x01;
  private static final int FAST_AUTHENTICATION = 0x03;
  private static final int FULL_AUTHENTICATION = 0x04;

  private CachingSha2() {}

  /** The scramble was right, and OK or the next factor follows. */
  static boolean isFastAuthentication(ByteBuf payload) {
    return is(FAST_AUTHENTICATION, payload);
  }

  /** The client must send its password. */
  static boolean isFullAuthentication(ByteBuf payload) {
    return is(FULL_AUTHENTICATION, payload);
  }

  private static boolean is(int status, ByteBuf payload) {
    int start = payload.readerIndex();
    return switch (payload.readableBytes()) {
      case 1 -> payload.getByte(start) == status;
      case 2 -> payload.getByte(start) == AUTH_MORE_DATA && payload.getByte(start + 1) == status;
      default -> false;
    };
  }
}
