package io.mysqltlsproxy.account;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Which names a user may have. */
public final class UserNames {
  /** MariaDB's limit; MySQL's is 32. */
  private static final int MAX_CHARACTERS = 128;

  private static final int MAX_BYTES = 384;

  private UserNames() {}

  /**
   * Whether it can be a user name: not too long for every server, not undecodable, and without
   * characters beyond the Basic Multilingual Plane, each of which becomes a {@code ?}.
   */
  public static boolean isSound(String name) {
    return name.codePointCount(0, name.length()) <= MAX_CHARACTERS
        && name.getBytes(UTF_8).length <= MAX_BYTES
        && name.chars().noneMatch(c -> c == 0 || c == '\uFFFD' || Character.isSurrogate((char) c));
  }
}
