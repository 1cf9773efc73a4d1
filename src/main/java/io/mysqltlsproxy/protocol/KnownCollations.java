package io.mysqltlsproxy.protocol;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which collations a server has, by its version: those with an id above 255, and those of utf8 and
 * utf8mb4. {@code SHOW COLLATION} of MySQL 5.5.9, 5.6.24 and 9.7, and of MariaDB 10.2, 10.11, 11.4
 * and 11.8, has told, and the release notes since when.
 */
final class KnownCollations {
  /** A version, and the 5.5.5- before it that old replicas wanted of MariaDB. */
  private static final Pattern VERSION =
      Pattern.compile("^(?:5\\.5\\.5-)?(\\d{1,4})(?:\\.(\\d{1,4}))?(?:\\.(\\d{1,4}))?");

  private static final String OF_0900 = "255-271 273-275 277-294 296-298 300";

  private static final List<Since> MYSQL =
      List.of(
          since("0", "33 83 192-211"),
          since("5.5.3", "45-46 224-243"),
          since("5.6.10", "212-215 223 244-247"),
          since("8.0.11", OF_0900 + " 303-305"),
          since("8.0.17", "306-309"),
          since("8.0.30", "310-323"));

  private static final List<Since> MARIADB =
      List.of(
          since("0", "33 83 192-211"),
          since("5.5", "45-46 224-243"),
          since(
              "10.2",
              "212-215 223 244-247 576-578 608-610 1025 1027-1028 1030-1037 1040 1042-1043 1046"
                  + " 1048-1050 1052 1054 1056-1057 1059-1065 1067 1069-1071 1074-1075 1077-1086"
                  + " 1088-1099 1101-1117 1119-1122 1216 1238 1248 1270"),
          since("10.10", "2048-2215 2232-2247 2304-2471 2488-2503"),
          since("11.4.5", OF_0900 + " 305 309"),
          since("11.5", "579 611"));

  private record Since(long version, BitSet ids) {}

  private KnownCollations() {}

  /**
   * Whether a server has a collation, as far as is known.
   *
   * @param id {@link CharacterSets#NONE} where the client names none
   */
  static boolean has(String serverVersion, boolean mariaDb, int id) {
    if (id == CharacterSets.NONE) {
      return false;
    }
    long version = number(serverVersion);
    return (mariaDb ? MARIADB : MYSQL)
        .stream().anyMatch(since -> version >= since.version && since.ids.get(id));
  }

  private static Since since(String version, String ids) {
    BitSet all = new BitSet();
    for (String range : ids.split(" ", -1)) {
      String[] ends = range.split("-", -1);
      all.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
    }
    return new Since(number(version), all);
  }

  /** Comparable: each part has four digits; 0 where it is no version. */
  private static long number(String version) {
    Matcher matcher = VERSION.matcher(version);
    long number = 0;
    boolean found = matcher.find();
    for (int part = 1; part <= 3; part++) {
      String digits = found ? matcher.group(part) : null;
      number = number * 10_000 + (digits == null ? 0 : Integer.parseInt(digits));
    }
    return number;
  }
}
