package io.mysqltlsproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** The answer to sysbench's point select: a text result set of one column and one row. */
final class PointSelect {
  private static final int CHAR_120 = 120;

  private PointSelect() {}

  /** The answer without its rows, up to the packet with sequence id 4. */
  static byte[] head() {
    ByteBuf out = Unpooled.buffer();
    packet(out, 1, new byte[] {1});
    packet(out, 2, definition());
    packet(out, 3, new byte[] {(byte) 0xFE, 0, 0, 2, 0});
    return ByteBufUtil.getBytes(out);
  }

  static byte[] answer() {
    ByteBuf out = Unpooled.buffer().writeBytes(head());
    packet(out, 4, row());
    packet(out, 5, new byte[] {(byte) 0xFE, 0, 0, 2, 0});
    return ByteBufUtil.getBytes(out);
  }

  private static byte[] definition() {
    ByteBuf out = Unpooled.buffer();
    for (String name : new String[] {"def", "sbtest", "sbtest1", "sbtest1", "c", "c"}) {
      out.writeByte(name.length());
      ByteBufUtil.writeAscii(out, name);
    }
    return ByteBufUtil.getBytes(
        out.writeByte(12)
            .writeShortLE(8)
            .writeIntLE(CHAR_120)
            .writeByte(0xFE)
            .writeShortLE(1)
            .writeZero(3));
  }

  private static byte[] row() {
    byte[] row = new byte[1 + CHAR_120];
    row[0] = CHAR_120;
    return row;
  }

  private static void packet(ByteBuf out, int id, byte[] payload) {
    out.writeMediumLE(payload.length).writeByte(id).writeBytes(payload);
  }
}
