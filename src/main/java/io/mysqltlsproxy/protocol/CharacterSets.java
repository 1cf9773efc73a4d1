package io.mysqltlsproxy.protocol;

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
  /** MySQL's latin1 is Windows' code page 1252. */
  private static final Charset LATIN1 = Charset.forName("windows-1252");

  private CharacterSets() {}

  /**
   * Whether a client may use it: not ucs2, utf16, utf16le or utf32, whose NULs are no ends of
   * strings, and not swe7, whose letters stand where ASCII has signs. With one of the former, the
   * first statement of a session ends a MySQL 5.5.9 server.
   */
  static boolean mayBeClients(int collation) {
    boolean ucs2 =
        collation == 35 || collation == 90 || within(collation, 128, 151) || collation == 159;
    boolean utf16 =
        collation == 54
            || collation == 55
            || collation == 56
            || collation == 62
            || within(collation, 101, 124);
    boolean utf32 = collation == 60 || collation == 61 || within(collation, 160, 183);
    boolean swe7 = collation == 10 || collation == 82;
    return !ucs2 && !utf16 && !utf32 && !swe7;
  }

  /**
   * A name as the server reads it, or nothing where that is not sure: outside ASCII only the
   * character sets that clients really use are known here, utf8mb3, utf8mb4 and latin1.
   *
   * @param collation 0 where the packet has none
   */
  static Optional<String> decode(int collation, byte[] name) {
    try {
      return Optional.of(charset(collation).newDecoder().decode(ByteBuffer.wrap(name)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static Charset charset(int collation) {
    boolean utf8 =
        collation == 33
            || collation == 45
            || collation == 46
            || collation == 83
            || within(collation, 192, 247)
            || within(collation, 255, 323);
    if (utf8) {
      return StandardCharsets.UTF_8;
    }
    boolean latin1 = collation == 5 || collation == 8 || within(collation, 47, 49);
    return latin1 ? LATIN1 : StandardCharsets.US_ASCII;
  }

  private static boolean within(int collation, int first, int last) {
    return first <= collation && collation <= last;
  }
}
