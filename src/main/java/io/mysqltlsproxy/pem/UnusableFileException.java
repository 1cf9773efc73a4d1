package io.mysqltlsproxy.pem;

import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;

/** Why a file cannot be used, and what to do about it. */
public final class UnusableFileException extends Exception {
  private final String reason;
  private final String hint;

  /** Both are clauses without a full stop. */
  public UnusableFileException(String reason, String hint) {
    super(reason);
    this.reason = reason;
    this.hint = hint;
  }

  /** What to do about it; {@link #getMessage} is what is wrong. */
  public String hint() {
    return hint;
  }

  /** The same of a file that the option's value does not name itself. */
  public UnusableFileException within(String file) {
    return new UnusableFileException(file + ": " + reason, hint);
  }

  /** The exception for the option that names the file. */
  public OptionException of(Option<?> option, OptionValues values) {
    return values.wrong(option, reason, hint);
  }
}
