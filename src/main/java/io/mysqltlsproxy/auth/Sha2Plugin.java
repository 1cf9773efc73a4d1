package io.mysqltlsproxy.auth;

import io.netty.buffer.ByteBuf;

/**
 * The plugins with a password that goes over TLS in clear, and otherwise encrypted with an RSA key.
 */
enum Sha2Plugin {
  /** caching_sha2_password: the password is sent when the server's cache does not know it. */
  CACHING(0x02, false),

  /** sha256_password: the password is sent whenever there is one. */
  SHA256(0x01, true);

  private static final int AUTH_MORE_DATA = 0x01;
  private static final int FAST_AUTHENTICATION = 0x03;
  private static final int FULL_AUTHENTICATION = 0x04;

  private final byte keyRequest;
  private final boolean sendsPasswordAtOnce;

  Sha2Plugin(int keyRequest, boolean sendsPasswordAtOnce) {
    this.keyRequest = (byte) keyRequest;
    this.sendsPasswordAtOnce = sendsPasswordAtOnce;
  }

  /** Whether the client sends its password unasked. */
  boolean sendsPasswordAtOnce() {
    return sendsPasswordAtOnce;
  }

  /** What asks a server for its key: a payload of 1 byte. */
  byte[] keyRequest() {
    return new byte[] {keyRequest};
  }

  boolean isKeyRequest(ByteBuf payload) {
    return payload.readableBytes() == 1 && payload.getByte(payload.readerIndex()) == keyRequest;
  }

  /** The server says that the scramble was right, and OK or the next factor follows. */
  boolean isFastAuthentication(ByteBuf payload) {
    return says(FAST_AUTHENTICATION, payload);
  }

  /** The server says that the client must send its password. */
  boolean isFullAuthentication(ByteBuf payload) {
    return says(FULL_AUTHENTICATION, payload);
  }

  /** MySQL wraps it in AuthMoreData, MariaDB does not. */
  private boolean says(int status, ByteBuf payload) {
    int start = payload.readerIndex();
    return !sendsPasswordAtOnce
        && switch (payload.readableBytes()) {
          case 1 -> payload.getByte(start) == status;
          case 2 ->
              payload.getByte(start) == AUTH_MORE_DATA && payload.getByte(start + 1) == status;
          default -> false;
        };
  }
}
