package io.mysqltlsproxy.check;

import java.util.regex.Pattern;

/**
 * What is to be said about an item.
 *
 * @param message what is so, or wrong: one line
 * @param cure what to do, where possible a command; empty where all is well
 */
public record Finding(Item item, Level level, String message, String cure) {
  private static final int LONGEST = 1000;

  /** Texts of certificates and of the server must neither break a line nor forge one. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  public Finding {
    message = oneLine(message);
    cure = oneLine(cure);
  }

  private static String oneLine(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return UNPRINTABLE.matcher(shown).replaceAll("?");
  }
}
