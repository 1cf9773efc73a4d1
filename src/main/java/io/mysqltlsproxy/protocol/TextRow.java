package io.mysqltlsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The row of a text result set: its values as length-encoded strings, NULL as 0xFB.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_row.html">MySQL:
 *     Text Resultset Row</a>
 */
public final class TextRow {
  private static final int MAX_IN_ONE_BYTE_LENGTH = 0xFA;

  private TextRow() {}

  /** The first value of a row's payload; empty where it is NULL. */
  public static Optional<String> first(byte[] payload) {
    try {
      Payload in = new Payload(Unpooled.wrappedBuffer(payload), "Text Resultset Row");
      byte[] value = in.bytes(in.lengthEncoded("value"), "value");
      return Optional.of(new String(value, StandardCharsets.UTF_8));
    } catch (MalformedPacketException e) {
      return Optional.empty();
    }
  }

  /** The payload of a row of these values, which are ASCII. */
  public static byte[] of(String... values) {
    ByteBuf row = Unpooled.buffer();
    for (String value : values) {
      if (value.length() <= MAX_IN_ONE_BYTE_LENGTH) {
        row.writeByte(value.length());
      } else {
        row.writeByte(0xFC).writeShortLE(value.length());
      }
      row.writeCharSequence(value, StandardCharsets.US_ASCII);
    }
    return ByteBufUtil.getBytes(row);
  }
}
