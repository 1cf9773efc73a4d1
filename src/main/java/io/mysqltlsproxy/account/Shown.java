package io.mysqltlsproxy.account;

import java.util.regex.Pattern;

/** Texts of clients and files as a message may show them: short, one line, nothing that forges. */
final class Shown {
  private static final int MOST = 128;
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\u0080-\u009f\u2028\u2029]");

  private Shown() {}

  /** The text in quotes. */
  static String quoted(String text) {
    String start =
        text.codePointCount(0, text.length()) <= MOST
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MOST)) + "...";
    return "'" + oneLine(start) + "'";
  }

  static String oneLine(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
