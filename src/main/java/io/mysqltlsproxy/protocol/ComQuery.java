package io.mysqltlsproxy.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * COM_QUERY: 1 byte 3; with CLIENT_QUERY_ATTRIBUTES the number of parameters and of their sets,
 * length-encoded, and where there are parameters: a bit for each that is NULL; 1 byte 1; a type of
 * 2 bytes and a length-encoded name for each; the values; then the text to the end.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html">MySQL:
 *     COM_QUERY</a>
 */
public final class ComQuery {
  private ComQuery() {}

  /**
   * The statement, each of its bytes as one character.
   *
   * @param attributes whether both sides have CLIENT_QUERY_ATTRIBUTES
   */
  public static String text(ByteBuf payload, boolean attributes) throws MalformedPacketException {
    Payload in = new Payload(payload, "COM_QUERY");
    in.skip(1, "command");
    if (attributes) {
      skipParameters(in);
    }
    return new String(in.bytes(in.remaining(), "text"), StandardCharsets.ISO_8859_1);
  }

  private static void skipParameters(Payload in) throws MalformedPacketException {
    long count = in.lengthEncoded("number of parameters");
    in.lengthEncoded("number of sets");
    if (count == 0) {
      return;
    }
    if (count > in.remaining()) {
      throw in.malformed("number of parameters", "runs past the end of the packet");
    }
    byte[] nulls = in.bytes((count + 7) / 8, "NULL bits");
    if (in.int1("new parameters") != 1) {
      throw in.malformed("new parameters", "does not say their types");
    }
    int[] types = new int[(int) count];
    for (int i = 0; i < types.length; i++) {
      types[i] = in.int2("type") & 0xFF;
      in.bytes(in.lengthEncoded("name"), "name");
    }
    for (int i = 0; i < types.length; i++) {
      if ((nulls[i / 8] & 1 << i % 8) == 0) {
        in.bytes(valueLength(in, types[i]), "value");
      }
    }
  }

  /** By the type's number in MySQL's {@code field_types.h}; it is read where the value says it. */
  private static long valueLength(Payload in, int type) throws MalformedPacketException {
    return switch (type) {
      case 6 -> 0; // NULL
      case 1 -> 1; // TINY
      case 2, 13 -> 2; // SHORT, YEAR
      case 3, 4, 9 -> 4; // LONG, FLOAT, INT24
      case 5, 8 -> 8; // DOUBLE, LONGLONG
      default -> in.lengthEncoded("value"); // texts, and dates with their one byte of length
    };
  }
}
