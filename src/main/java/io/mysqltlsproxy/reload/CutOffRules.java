package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Phrases;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Rules whose end may not have arrived yet: the file was written in place and demands less than
 * before. Its writer may be one that {@code /proc} does not show, such as a process in another
 * container, so the file gets a while longer to become complete. Until then the rules before it
 * hold for the accounts of which it demands less; nothing else that has changed waits, neither in
 * that file nor in others.
 */
final class CutOffRules {
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How many accounts are named. */
  private static final int MAX_NAMES = 10;

  private CutOffRules() {}

  /**
   * The accounts for which these rules, which have just been read, are not used yet.
   *
   * @param before those in force
   */
  static List<String> doubted(OptionValues values, Rules before, Rules now, FileWatch files) {
    boolean inDoubt =
        values
            .get(Options.ACCOUNTS)
            .filter(file -> files.wasWrittenInPlace(file) && !haveRested(file, files))
            .isPresent();
    return inDoubt ? now.lessStrictThan(before) : List.of();
  }

  /** What the log says of them. */
  static String warning(OptionValues values, List<String> doubted) {
    return "keeping the previous rules of "
        + Phrases.few(doubted, MAX_NAMES)
        + " for now: "
        + values.get(Options.ACCOUNTS).map(Path::toString).orElse("")
        + " was written in place and demands less than before, as if a part were missing; all of it"
        + " is used once it has been closed and unchanged for "
        + TimeUnit.NANOSECONDS.toSeconds(REST_NANOS)
        + " s; to avoid the wait, replace it with mv, or put BEGIN; before its statements and"
        + " COMMIT; after them";
  }

  /** Whether the rules have been the same for so long that there is no doubt. */
  static boolean haveRested(Path rules, FileWatch files) {
    return files.restedNanos(rules) >= REST_NANOS && !files.isOpen(rules);
  }
}
