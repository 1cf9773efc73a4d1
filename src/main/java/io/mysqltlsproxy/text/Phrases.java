package io.mysqltlsproxy.text;

import java.time.Duration;
import java.util.List;

/** Counts and lists as a message has them. */
public final class Phrases {
  private Phrases() {}

  /**
   * {@code 1 account}, {@code 2 accounts}.
   *
   * @param noun in the singular; its plural ends in s
   */
  public static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code 3 days}, {@code 30 hours}, {@code 1 minute}: a time to come, rounded down. */
  public static String time(Duration length) {
    if (length.toDays() > 1) {
      return count(length.toDays(), "day");
    }
    return length.toHours() > 1
        ? count(length.toHours(), "hour")
        : count(length.toMinutes(), "minute");
  }

  /**
   * {@code a, b and 3 more}.
   *
   * @param most how many are named
   */
  public static String few(List<String> items, int most) {
    String named = String.join(", ", items.subList(0, Math.min(most, items.size())));
    return items.size() > most ? named + " and " + (items.size() - most) + " more" : named;
  }
}
