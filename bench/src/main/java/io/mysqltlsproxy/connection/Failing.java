package io.mysqltlsproxy.connection;

import io.netty.buffer.ByteBuf;

/** A life in which nothing may go wrong before its end. */
final class Failing implements EndHandler.Life {
  @Override
  public void ended(Side side) {}

  @Override
  public void failed(Side side, Throwable cause) {
    throw new IllegalStateException("on the " + side + "'s side", cause);
  }

  /** A packet that was not expected. */
  static void packet(ByteBuf payload) {
    throw new IllegalStateException("a packet of " + payload.readableBytes() + " bytes");
  }
}
