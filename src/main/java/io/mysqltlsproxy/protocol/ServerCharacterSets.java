package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.CharacterSets.Family.LATIN1;
import static io.mysqltlsproxy.protocol.CharacterSets.Family.LIKE_ASCII;
import static io.mysqltlsproxy.protocol.CharacterSets.Family.UNLIKE_ASCII;
import static io.mysqltlsproxy.protocol.CharacterSets.Family.UTF8;

import io.mysqltlsproxy.protocol.CharacterSets.Family;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What one server, by its greeting, makes of account names. It reads a name in the client's
 * character set, or in its own default: where it does not know the client's, and with {@code
 * skip-character-set-client-handshake} always, which no client can see.
 */
final class ServerCharacterSets {
  private static final Pattern FROM_MYSQL_8 = Pattern.compile("^([89]|\\d\\d+)\\.");
  private static final Pattern BEFORE_MARIADB_10_10 =
      Pattern.compile("(?:^|5\\.5\\.5-)(?:5\\.|10\\.\\d\\.)");

  /** Where swe7 has letters: {@code ~} is ü. */
  private static final Pattern OTHERWISE_IN_SWE7 = Pattern.compile("[@\\[\\\\\\]^`{|}~]");

  private final String version;
  private final boolean mariaDb;
  private final int defaultId;

  /**
   * A server's.
   *
   * @param version as in its greeting
   * @param defaultId the lowest byte of its default collation's id, which is all that it tells
   */
  ServerCharacterSets(String version, boolean mariaDb, int defaultId) {
    this.version = version;
    this.mariaDb = mariaDb;
    this.defaultId = defaultId;
  }

  /**
   * All names that the server may read, the first in the client's character set.
   *
   * @param name as {@link CharacterSets#decode} has read it
   * @throws UnsupportedLoginException where the server could read a name that is not known here, or
   *     does not have the collation
   */
  Set<String> readings(String name, int collation) throws UnsupportedLoginException {
    boolean known = KnownCollations.has(version, mariaDb, collation);
    if (collation > 0xFF && !known) {
      throw new UnsupportedLoginException(
          "the server does not have the client's character set (collation "
              + collation
              + "); use utf8mb4 or utf8");
    }
    Set<String> readings = new LinkedHashSet<>(Set.of(name));
    if (name.chars().allMatch(c -> c < 0x80)) {
      if (isDefault(UNLIKE_ASCII) && OTHERWISE_IN_SWE7.matcher(name).find()) {
        throw new UnsupportedLoginException(
            "the server's default character set could make another name of the user's; use letters"
                + " and digits, or another default");
      }
      return readings;
    }
    if (CharacterSets.family(collation) == UTF8 && !known) {
      throw new UnsupportedLoginException(
          "the server may not know the client's character set (collation "
              + collation
              + "), and would read another name than the user's; use utf8");
    }
    byte[] bytes = CharacterSets.encode(CharacterSets.family(collation), name);
    for (Family family : defaults()) {
      readings.add(
          CharacterSets.decode(family, bytes)
              .orElseThrow(
                  () ->
                      new UnsupportedLoginException(
                          "the server's default character set could make another name of the"
                              + " user's; use that character set, or a name in ASCII")));
    }
    if (readings.stream()
        .anyMatch(reading -> reading.chars().anyMatch(ServerCharacterSets::isHalf))) {
      throw new UnsupportedLoginException(
          "the user name has a character beyond the Basic Multilingual Plane, which servers replace"
              + " by a question mark");
    }
    return readings;
  }

  private static boolean isHalf(int utf16) {
    return Character.isSurrogate((char) utf16);
  }

  /** The families that the default may have: several ids have the same lowest byte. */
  private Set<Family> defaults() {
    Set<Family> families = EnumSet.noneOf(Family.class);
    if (defaultId != 0) {
      families.add(CharacterSets.family(defaultId));
    }
    boolean others =
        mariaDb
            ? !BEFORE_MARIADB_10_10.matcher(version).find()
            : defaultId <= 323 - 256 && FROM_MYSQL_8.matcher(version).find();
    if (others) {
      families.add(UTF8);
    }
    if (families.isEmpty()) {
      families.add(LIKE_ASCII);
    }
    // With a default of these, which no parser can read, the server falls back to latin1.
    if (families.remove(UNLIKE_ASCII)) {
      families.add(defaultId == 10 || defaultId == 82 ? LIKE_ASCII : LATIN1);
    }
    return families;
  }

  private boolean isDefault(Family family) {
    return CharacterSets.family(defaultId) == family;
  }
}
