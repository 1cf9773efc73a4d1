package io.mysqltlsproxy.check;

import java.util.Locale;

/** How an item of the checklist stands. */
public enum Level {
  OK,
  /** It works, but not for long, not for all, or not as safely as it could. */
  WARNING,
  /** It cannot work, or protects nobody. */
  WRONG;

  /** As it is printed: {@code ok}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
