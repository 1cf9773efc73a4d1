package io.mysqltlsproxy.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * ColumnDefinition41: length-encoded strings, the fifth of which is the column's name; from MariaDB
 * perhaps extended metadata; and last 13 bytes: length of what follows 1; character set 2; length
 * 4; type 1; flags 2; decimals 1; filler 2.
 *
 * @param name as the query calls it
 * @param collation of its values
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html">MySQL:
 *     ColumnDefinition41</a>
 */
public record ColumnDefinition41(String name, int collation) {
  private static final int STRINGS_BEFORE_THE_NAME = 4;
  private static final int FIXED_LENGTH = 13;

  /** Decodes a payload without moving its indices. */
  public static ColumnDefinition41 decode(ByteBuf payload) throws MalformedPacketException {
    Payload in = new Payload(payload, "ColumnDefinition41");
    for (int i = 0; i < STRINGS_BEFORE_THE_NAME; i++) {
      in.skip((int) Math.min(in.lengthEncoded("string"), Integer.MAX_VALUE), "string");
    }
    byte[] name = in.bytes(in.lengthEncoded("name"), "name");
    if (in.remaining() < FIXED_LENGTH) {
      throw in.malformed("character set", "is not there");
    }
    int fixed = payload.writerIndex() - FIXED_LENGTH;
    return new ColumnDefinition41(
        new String(name, StandardCharsets.UTF_8), payload.getUnsignedShortLE(fixed + 1));
  }

  /** Whether ASCII is itself in the values: not so in ucs2, utf16 and utf32. */
  public boolean isAscii() {
    return CharacterSets.family(collation) != CharacterSets.Family.UNLIKE_ASCII;
  }
}
