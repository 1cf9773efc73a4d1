package io.mysqltlsproxy.protocol;

import java.util.regex.Pattern;

/**
 * What is known of a server by the version in its greeting.
 *
 * @param text as the server says it
 * @param isMariaDb whether it is MariaDB, whatever the text says
 */
public record ServerVersion(String text, boolean isMariaDb) {
  private static final Pattern BEFORE_MYSQL_5_7_8 =
      Pattern.compile("^([1-4]\\.|5\\.[0-6]\\.|5\\.7\\.[0-7](\\D|$))");

  /** From 10.0 on, before which MariaDB's names were MySQL's. */
  private static final Pattern MARIADB_10 = Pattern.compile("^(5\\.5\\.5-)?\\d\\d+\\.");

  private static final Pattern MYSQL_8 = Pattern.compile("^([89]|\\d\\d+)\\.");

  /** In characters. */
  int maxUserNameLength() {
    if (isMariaDb) {
      return MARIADB_10.matcher(text).find() ? 128 : 16;
    }
    return BEFORE_MYSQL_5_7_8.matcher(text).find() ? 16 : 32;
  }

  /** Whether it is MySQL 5, whose COM_CHANGE_USER is in {@link ComChangeUser#withAttributes}. */
  boolean misreadsAttributes() {
    return !isMariaDb && text.startsWith("5.");
  }

  /** Whether it counts the login of a user that it does not know as a failed handshake. */
  public boolean countsUnknownUsers() {
    return !isMariaDb && text.startsWith("5.5.");
  }

  /**
   * Whether the server's TLS library still knows the client's certificate in a session that is
   * resumed. OpenSSL does, which every MySQL has from 8.0 on. wolfSSL, in MariaDB's own packages,
   * does not, so that {@code REQUIRE X509} would refuse the client; yaSSL, in MySQL before 8.0, is
   * not trusted to.
   */
  public boolean keepsCertificatesOfResumedSessions() {
    return !isMariaDb && MYSQL_8.matcher(text).find();
  }
}
