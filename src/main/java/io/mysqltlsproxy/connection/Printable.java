package io.mysqltlsproxy.connection;

import java.util.regex.Pattern;

/** Texts of peers for the log: names and messages that can neither forge a line nor flood it. */
final class Printable {
  /** Longer than every message of the proxy's own and of MySQL's, in characters. */
  private static final int LONGEST = 1000;

  /** Controls, line and paragraph separators, and what turns the direction of writing. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  static String text(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return UNPRINTABLE.matcher(shown).replaceAll("?");
  }
}
