package io.mysqltlsproxy.option;

import java.util.Locale;

/** How much is logged, the least first; each level includes those before it. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE;

  /** As users write it: {@code info}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
