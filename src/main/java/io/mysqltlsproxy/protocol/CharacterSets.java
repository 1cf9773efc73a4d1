package io.mysqltlsproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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

  /** utf8_general_ci, utf8_bin and utf8_unicode_ci. */
  private static final Set<Integer> UTF8MB3 = Set.of(33, 83, 192);

  /** utf8mb4_general_ci, utf8mb4_bin and utf8mb4_unicode_ci. */
  private static final Set<Integer> UTF8MB4 = Set.of(45, 46, 224);

  /** utf8mb4_0900_ai_ci and utf8mb4_0900_bin. */
  private static final Set<Integer> UTF8MB4_0900 = Set.of(255, 309);

  private static final Pattern BEFORE_UTF8MB4 =
      Pattern.compile("^([1-4]\\.|5\\.[0-4]\\.|5\\.5\\.[0-2](\\D|$))");
  private static final Pattern FROM_MYSQL_8 = Pattern.compile("^([89]|\\d\\d+)\\.");

  private CharacterSets() {}

  /**
   * Whether a client may use it: not ucs2, utf16, utf16le or utf32, whose NULs are no ends of
   * strings, not swe7, whose letters stand where ASCII has signs, and not filename, which servers
   * keep to themselves but take, and in which {@code @0072} is an r. With one of the first, the
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
    boolean filename = collation == 17;
    return !ucs2 && !utf16 && !utf32 && !swe7 && !filename;
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

  /**
   * Whether a server knows the collation of a name that is not ASCII. One that does not reads the
   * name in a character set of its own: the {@code ü} of a client of today would be {@code Ã¼}.
   *
   * @param version the server's, as in its greeting
   */
  static boolean isKnownTo(String version, boolean isMariaDb, int collation) {
    if (UTF8MB4_0900.contains(collation)) {
      return !isMariaDb && FROM_MYSQL_8.matcher(version).find();
    }
    return !UTF8MB4.contains(collation) || !BEFORE_UTF8MB4.matcher(version).find();
  }

  private static Charset charset(int collation) {
    if (UTF8MB3.contains(collation)
        || UTF8MB4.contains(collation)
        || UTF8MB4_0900.contains(collation)) {
      return StandardCharsets.UTF_8;
    }
    boolean latin1 = collation == 5 || collation == 8 || within(collation, 47, 49);
    return latin1 ? LATIN1 : StandardCharsets.US_ASCII;
  }

  private static boolean within(int collation, int first, int last) {
    return first <= collation && collation <= last;
  }
}
