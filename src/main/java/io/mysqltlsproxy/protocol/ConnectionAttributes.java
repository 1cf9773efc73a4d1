package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the proxy tells the server about a client, as connection attributes, which a server shows in
 * {@code performance_schema.session_connect_attrs}. A client's own attributes of these names are
 * left out, so that no client can forge one. The others stay as they are, in their order.
 *
 * <p>Layout at the end of a login and of a COM_CHANGE_USER: the length of all attributes,
 * length-encoded; then for each its name and its value, length-encoded strings in the client's
 * character set.
 *
 * @param first those before the client's own: a server keeps only so many bytes
 * @param last those after the client's own
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.4/en/performance-schema-connection-attribute-tables.html">MySQL:
 *     Connection Attribute Tables</a>
 */
public record ConnectionAttributes(List<Attribute> first, List<Attribute> last) {

  /** The names that only the proxy may use. */
  private static final Set<String> NAMES =
      Set.of(
          "_client_ip",
          "_client_port",
          "_client_ssl_version",
          "_client_ssl_cipher",
          "_client_cert_subject",
          "_client_cert_issuer",
          "_client_cert_serial",
          "_client_cert_fingerprint",
          "_client_cert_san",
          "_client_rule");

  private static final Pattern INVISIBLE = Pattern.compile("[^!-~]");

  /** Servers refuse a login whose attributes are longer, in bytes. */
  private static final int MAX_LENGTH = 0xFFFF;

  /** Servers keep the beginning of a longer name, in characters. */
  private static final int MAX_NAME_LENGTH = 32;

  /**
   * One attribute.
   *
   * @param name one of those that only the proxy may use
   * @param maxLength of the value in the packet, in bytes, at most 250; a longer one ends in three
   *     dots there
   */
  public record Attribute(String name, String value, int maxLength) {
    private static final String CUT = "...";

    public Attribute {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(name + ": a client could forge it");
      }
    }

    private void write(Charset charset, ByteBuf out) {
      LengthEncoded.write(out, name.length()).writeCharSequence(name, US_ASCII);
      byte[] encoded = encoded(charset);
      LengthEncoded.write(out, encoded.length).writeBytes(encoded);
    }

    /** Cut between two characters. */
    private byte[] encoded(Charset charset) {
      if (value.length() <= maxLength && value.chars().allMatch(each -> each < 0x80)) {
        return value.getBytes(US_ASCII);
      }
      ByteBuf whole = Unpooled.buffer(maxLength);
      int fits = 0;
      for (int i = 0; i < value.length(); i = value.offsetByCodePoints(i, 1)) {
        whole.writeBytes(charset.encode(value.codePointAt(i)));
        if (whole.writerIndex() > maxLength) {
          whole.writerIndex(fits).writeCharSequence(CUT, US_ASCII);
          break;
        }
        if (whole.writerIndex() <= maxLength - CUT.length()) {
          fits = whole.writerIndex();
        }
      }
      byte[] bytes = new byte[whole.readableBytes()];
      whole.readBytes(bytes);
      return bytes;
    }
  }

  /** How a character is written in the client's character set. */
  private enum Charset {
    UTF8 {
      @Override
      byte[] encode(int character) {
        return Character.toString(character).getBytes(UTF_8);
      }
    },

    /** Outside ASCII each byte of UTF-8 is escaped as in RFC 4514: {@code \C3\A4}. */
    OTHER {
      @Override
      byte[] encode(int character) {
        if (character < 0x80) {
          return new byte[] {(byte) character};
        }
        StringBuilder escaped = new StringBuilder();
        for (byte each : UTF8.encode(character)) {
          escaped.append("\\%02X".formatted(each & 0xFF));
        }
        return escaped.toString().getBytes(US_ASCII);
      }
    };

    abstract byte[] encode(int character);

    static Charset of(int collation) {
      boolean utf8 = collation >= 0 && CharacterSets.family(collation) == CharacterSets.Family.UTF8;
      return utf8 ? UTF8 : OTHER;
    }
  }

  public ConnectionAttributes {
    first = List.copyOf(first);
    last = List.copyOf(last);
  }

  /**
   * The block of all attributes: these, and between them what is kept of the client's own.
   *
   * @param in stands where the client's own begin, if it has any, and goes to their end
   * @param has whether the client's packet has them
   * @param collation of the packet
   * @return with its length; on the heap
   */
  ByteBuf around(Payload in, boolean has, int collation) throws MalformedPacketException {
    byte[] own =
        has && in.remaining() > 0
            ? in.bytes(in.lengthEncoded("connection attributes"), "connection attributes")
            : new byte[0];
    Charset charset = Charset.of(collation);
    ByteBuf before = Unpooled.buffer();
    first.forEach(attribute -> attribute.write(charset, before));
    ByteBuf after = Unpooled.buffer();
    last.forEach(attribute -> attribute.write(charset, after));
    ByteBuf kept = kept(own, MAX_LENGTH - before.readableBytes() - after.readableBytes());
    int length = before.readableBytes() + kept.readableBytes() + after.readableBytes();
    return LengthEncoded.write(Unpooled.buffer(length + 3), length)
        .writeBytes(before)
        .writeBytes(kept)
        .writeBytes(after);
  }

  /**
   * The client's own, but those of the proxy's names. Servers read up to the first that is damaged
   * or has no name, and would not see {@link #last} behind it: neither is kept.
   */
  private static ByteBuf kept(byte[] own, int room) {
    ByteBuf all = Unpooled.wrappedBuffer(own);
    ByteBuf kept = Unpooled.buffer(own.length);
    Payload in = new Payload(all, "connection attributes");
    try {
      while (in.remaining() > 0) {
        int start = in.offset();
        byte[] name = in.bytes(in.lengthEncoded("name"), "name");
        in.bytes(in.lengthEncoded("value"), "value");
        int length = in.offset() - start;
        if (kept.readableBytes() + length > room) {
          return kept;
        }
        if (name.length > 0 && !isReserved(name)) {
          kept.writeBytes(all, start, length);
        }
      }
    } catch (MalformedPacketException e) {
      return kept;
    }
    return kept;
  }

  /**
   * Whether a server, or somebody who reads its tables, could take it for one of the proxy's: in
   * any case, and with invisible characters around it. A character has one byte or more, so a
   * longer name may be cut after any byte from {@link #MAX_NAME_LENGTH} on.
   */
  private static boolean isReserved(byte[] name) {
    String whole = new String(name, ISO_8859_1);
    String visible = visible(whole);
    int fewest =
        whole.length() <= MAX_NAME_LENGTH
            ? visible.length()
            : visible(whole.substring(0, MAX_NAME_LENGTH)).length();
    return NAMES.stream()
        .anyMatch(reserved -> reserved.length() >= fewest && visible.startsWith(reserved));
  }

  private static String visible(String name) {
    return INVISIBLE.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
  }
}
