package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.pem.UnusableFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what the checks find. */
public final class Findings {
  private static final String BEFORE_THE_HINT = "; ";

  private final List<Finding> found = new ArrayList<>();

  void ok(Item item, String message) {
    found.add(new Finding(item, Level.OK, message, ""));
  }

  /** All is well with the item, where nothing else was said about it. */
  void okUnlessFound(Item item, String message) {
    if (found.stream().noneMatch(finding -> finding.item() == item)) {
      ok(item, message);
    }
  }

  void warning(Item item, String message, String hint) {
    found.add(new Finding(item, Level.WARNING, message, hint));
  }

  void wrong(Item item, String message, String hint) {
    found.add(new Finding(item, Level.WRONG, message, hint));
  }

  void wrong(Item item, Object file, UnusableFileException bad) {
    wrong(item, file + ": " + bad.getMessage(), bad.hint());
  }

  /** The same, as a warning. */
  void warning(Item item, OptionException wrong) {
    String text = String.valueOf(wrong.getMessage());
    int end = text.lastIndexOf(BEFORE_THE_HINT);
    warning(item, text.substring(0, end), text.substring(end + BEFORE_THE_HINT.length()));
  }

  /** Whose message ends with the cure. */
  void wrong(Item item, OptionException wrong) {
    String text = String.valueOf(wrong.getMessage());
    int end = text.lastIndexOf(BEFORE_THE_HINT);
    if (end < 0) {
      wrong(item, text, "");
    } else {
      wrong(item, text.substring(0, end), text.substring(end + BEFORE_THE_HINT.length()));
    }
  }

  boolean hasWrong() {
    return count(Level.WRONG) > 0;
  }

  /** How many are of this level. */
  public long count(Level level) {
    return found.stream().filter(finding -> finding.level() == level).count();
  }

  /** In the order of {@link Item}. */
  public List<Finding> all() {
    return found.stream().sorted(Comparator.comparing(Finding::item)).toList();
  }
}
