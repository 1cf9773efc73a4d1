package io.mysqltlsproxy.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Writes length-encoded integers; {@link Payload} reads them.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_dt_integers.html">MySQL:
 *     Integer Types</a>
 */
final class LengthEncoded {
  private LengthEncoded() {}

  /** Writes a length below 16 MiB. */
  static ByteBuf write(ByteBuf out, int length) {
    if (length < 0xFB) {
      return out.writeByte(length);
    }
    return length <= 0xFFFF
        ? out.writeByte(0xFC).writeShortLE(length)
        : out.writeByte(0xFD).writeMediumLE(length);
  }
}
