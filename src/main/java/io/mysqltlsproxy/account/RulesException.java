package io.mysqltlsproxy.account;

import io.mysqltlsproxy.text.Printable;

/**
 * Rules that cannot be read. The message is one line: {@code FILE:LINE:COLUMN: the offending word,
 * what is wrong with it; the cure}.
 */
public final class RulesException extends Exception {
  private final int line;
  private final int column;
  private final String problem;
  private final String hint;

  public RulesException(String source, int line, int column, String problem, String hint) {
    super(Printable.oneLine("%s:%d:%d: %s; %s".formatted(source, line, column, problem, hint)));
    this.line = line;
    this.column = column;
    this.problem = problem;
    this.hint = hint;
  }

  /** From 1. */
  public int line() {
    return line;
  }

  /** From 1, in UTF-16 units. */
  public int column() {
    return column;
  }

  /** The offending word and what is wrong with it, without the place. */
  public String problem() {
    return problem;
  }

  /** What to write instead. */
  public String hint() {
    return hint;
  }
}
