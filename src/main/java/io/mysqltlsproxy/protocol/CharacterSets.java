package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Character sets, by the id of a collation.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.4/en/charset-connection.html#charset-connection-impermissible-client-charset">MySQL:
 *     Impermissible Client Character Sets</a>
 */
final class CharacterSets {
  /** How a server with a character set reads the bytes of a name. */
  enum Family {
    UTF8,
    /** Windows' code page 1252, where the five bytes without a character are C1 controls. */
    LATIN1,
    /** Printable bytes of ASCII are ASCII; what else stands for what is not known here. */
    LIKE_ASCII,
    /**
     * Bytes of ASCII are other characters: ucs2, utf16, utf16le and utf32, whose NULs are no ends
     * of strings; swe7, whose letters stand where ASCII has signs; filename, which servers keep to
     * themselves but some take, and in which {@code @0072} is an r.
     */
    UNLIKE_ASCII
  }

  /** The packet has no id: the session's character set, whichever it is, holds. */
  static final int NONE = -1;

  /** MariaDB's collations without padding have the ids of those with it, and this. */
  private static final int NO_PADDING = 1024;

  /** MariaDB's collations by Unicode 14, 256 ids for each of five character sets. */
  private static final int UCA_1400 = 2048;

  private static final Charset CODE_PAGE_1252 = Charset.forName("windows-1252");

  private CharacterSets() {}

  /** The family of a collation, where a server has it. */
  static Family family(int collation) {
    if (collation >= UCA_1400) {
      int block = (collation - UCA_1400) >> 8;
      return block <= 1 ? Family.UTF8 : Family.UNLIKE_ASCII;
    }
    int id = collation >= NO_PADDING ? collation - NO_PADDING : collation;
    boolean ucs2 =
        id == 35 || id == 90 || within(id, 128, 151) || id == 159 || within(id, 640, 642);
    boolean utf16 = within(id, 54, 56) || id == 62 || within(id, 101, 124) || within(id, 672, 674);
    boolean utf32 = id == 60 || id == 61 || within(id, 160, 183) || within(id, 736, 738);
    boolean swe7 = id == 10 || id == 82;
    boolean filename = id == 17;
    if (ucs2 || utf16 || utf32 || swe7 || filename) {
      return Family.UNLIKE_ASCII;
    }
    boolean utf8mb3 = id == 33 || id == 83 || within(id, 192, 215) || id == 223;
    boolean utf8mb4 = id == 45 || id == 46 || within(id, 224, 247) || within(id, 255, 323);
    boolean ofMariaDb = within(id, 576, 579) || within(id, 608, 611);
    if (utf8mb3 || utf8mb4 || ofMariaDb) {
      return Family.UTF8;
    }
    boolean latin1 = id == 5 || id == 8 || within(id, 47, 49);
    return latin1 ? Family.LATIN1 : Family.LIKE_ASCII;
  }

  /**
   * A name as a server reads it that has the collation, or nothing where that is not sure.
   *
   * @param collation {@link #NONE} where the packet has none: then the name can be of letters,
   *     digits and underscores only, which mean the same in every character set of a session
   */
  static Optional<String> decode(int collation, byte[] name) {
    if (collation == NONE) {
      String text = new String(name, StandardCharsets.ISO_8859_1);
      return text.matches("[A-Za-z0-9_]*") ? Optional.of(text) : Optional.empty();
    }
    return decode(family(collation), name);
  }

  static Optional<String> decode(Family family, byte[] name) {
    return switch (family) {
      case UTF8 -> strict(UTF_8, name);
      case LATIN1 -> Optional.of(latin1(name));
      case LIKE_ASCII ->
          // One of them, latin2_czech_cs of MariaDB, has no DEL.
          strict(US_ASCII, name).filter(text -> text.chars().allMatch(c -> c >= ' ' && c <= '~'));
      case UNLIKE_ASCII -> Optional.empty();
    };
  }

  /** The bytes of which {@link #decode} has made a name, or of a text that has such a name. */
  static byte[] encode(Family family, String text) {
    if (family != Family.LATIN1) {
      return text.getBytes(UTF_8);
    }
    byte[] bytes = text.getBytes(CODE_PAGE_1252);
    for (int i = 0; i < bytes.length; i++) {
      if (isControl(text.charAt(i))) {
        bytes[i] = (byte) text.charAt(i);
      }
    }
    return bytes;
  }

  private static String latin1(byte[] name) {
    StringBuilder text = new StringBuilder(new String(name, CODE_PAGE_1252));
    for (int i = 0; i < name.length; i++) {
      if (text.charAt(i) == '\uFFFD') {
        text.setCharAt(i, (char) (name[i] & 0xFF));
      }
    }
    return text.toString();
  }

  private static boolean isControl(char c) {
    return c >= '\u0080' && c <= '\u009F';
  }

  private static Optional<String> strict(Charset charset, byte[] name) {
    try {
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(name)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean within(int id, int first, int last) {
    return first <= id && id <= last;
  }
}
