package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Phrases;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Rules whose end may not have arrived yet: the file was written in place and demands less than
 * before. Its writer may be one that {@code /proc} does not show, such as a process in another
 * container, so the file gets a while longer to become complete. Until then the rules before it
 * hold; nothing else that has changed waits for it.
 */
final class CutOffRules {
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How many accounts are named. */
  private static final int MAX_NAMES = 10;

  private CutOffRules() {}

  /**
   * Why these rules, which have just been read, are not used yet; empty if they are.
   *
   * @param before those in force
   */
  static Optional<String> doubt(OptionValues values, Rules before, Rules now, FileWatch files) {
    Optional<Path> file = values.get(Options.ACCOUNTS);
    List<String> less = now.lessStrictThan(before);
    if (file.isEmpty()
        || less.isEmpty()
        || haveRested(file.get(), files)
        || !files.wasWrittenInPlace(file.get())) {
      return Optional.empty();
    }
    return Optional.of(
        file.get()
            + " was written in place and demands less than before of "
            + Phrases.few(less, MAX_NAMES)
            + ", as if a part were missing; it is used once it has not changed for "
            + TimeUnit.NANOSECONDS.toSeconds(REST_NANOS)
            + " s; to avoid the wait, replace it with mv, or put BEGIN; before its statements and"
            + " COMMIT; after them");
  }

  /** Whether the rules have been the same for so long that there is no doubt. */
  static boolean haveRested(Path rules, FileWatch files) {
    return files.restedNanos(rules) >= REST_NANOS;
  }
}
