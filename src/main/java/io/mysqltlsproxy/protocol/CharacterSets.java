package io.mysqltlsproxy.protocol;

/**
 * Character sets, by the id of a collation.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.4/en/charset-connection.html#charset-connection-impermissible-client-charset">MySQL:
 *     Impermissible Client Character Sets</a>
 */
final class CharacterSets {
  private CharacterSets() {}

  /**
   * Whether a client may use it: not ucs2, utf16, utf16le or utf32, whose NULs are no ends of
   * strings. With one of them, the first statement of a session ends a MySQL 5.5.9 server.
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
    return !ucs2 && !utf16 && !utf32;
  }

  private static boolean within(int collation, int first, int last) {
    return first <= collation && collation <= last;
  }
}
