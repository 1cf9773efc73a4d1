package io.mysqltlsproxy.codec;

import io.netty.buffer.ByteBuf;

/** Reads the first fields of a payload that may be incomplete; a missing field is -1. */
final class HeadReader {
  private final ByteBuf in;
  private int at;
  private boolean over;

  HeadReader(ByteBuf in) {
    this.in = in;
  }

  int at() {
    return at;
  }

  void skip(int count) {
    at += count;
  }

  int int2() {
    return has(2) ? in.getUnsignedShortLE((at += 2) - 2) : -1;
  }

  long lengthEncoded() {
    int first = has(1) ? in.getUnsignedByte(at++) : 0xFF;
    return switch (first) {
      case 0xFB, 0xFF -> -1;
      case 0xFC -> int2();
      case 0xFD -> has(3) ? in.getUnsignedMediumLE((at += 3) - 3) : -1;
      case 0xFE -> has(8) ? in.getLongLE((at += 8) - 8) : -1;
      default -> first;
    };
  }

  private boolean has(int count) {
    over |= in.writerIndex() - at < count;
    return !over;
  }
}
