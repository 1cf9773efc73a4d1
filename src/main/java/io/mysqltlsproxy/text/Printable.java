package io.mysqltlsproxy.text;

import java.util.regex.Pattern;

/**
 * Texts of clients, servers, certificates and files as a message may show them: on one line,
 * without anything that could forge another line or turn the direction of writing, and no longer
 * than needed.
 */
public final class Printable {
  /** The longest text in quotes, in characters. */
  private static final int MAX_QUOTED_LENGTH = 128;

  /** Longer than every message of the proxy's own and of MySQL's, in UTF-16 units. */
  private static final int MAX_LENGTH = 1000;

  /** Controls, format characters, lone surrogates, line and paragraph separators. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /** The text in single quotes, cut after {@value #MAX_QUOTED_LENGTH} characters. */
  public static String quoted(String text) {
    String start =
        text.codePointCount(0, text.length()) <= MAX_QUOTED_LENGTH
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MAX_QUOTED_LENGTH)) + "...";
    return "'" + oneLine(start) + "'";
  }

  /** The text, cut after {@value #MAX_LENGTH} UTF-16 units. */
  public static String bounded(String text) {
    return oneLine(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text);
  }

  /** The whole text, with a question mark for each character that is not printable. */
  public static String oneLine(String text) {
    // As nearly all texts are, on the way of every login.
    if (isPlain(text)) {
      return text;
    }
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }
}
