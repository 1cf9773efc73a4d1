package io.mysqltlsproxy.account;

/**
 * Rules that cannot be read. The message is one line: {@code FILE:LINE:COLUMN: the offending word,
 * what is wrong with it; the cure}.
 */
public final class RulesException extends Exception {
  private final int line;
  private final int column;
  private final String problem;
  private final String cure;

  RulesException(String source, int line, int column, String problem, String cure) {
    super(Shown.oneLine("%s:%d:%d: %s; %s".formatted(source, line, column, problem, cure)));
    this.line = line;
    this.column = column;
    this.problem = problem;
    this.cure = cure;
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
  public String cure() {
    return cure;
  }
}
