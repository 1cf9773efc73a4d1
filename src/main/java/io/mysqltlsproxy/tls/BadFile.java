package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;

/** Why a file cannot be used, and what to do about it. */
public final class BadFile extends Exception {
  private final String reason;
  private final String cure;

  /** Both are clauses without a full stop. */
  public BadFile(String reason, String cure) {
    super(reason);
    this.reason = reason;
    this.cure = cure;
  }

  /** What to do about it; {@link #getMessage} is what is wrong. */
  public String cure() {
    return cure;
  }

  /** The same of a file that the option's value does not name itself. */
  BadFile within(String file) {
    return new BadFile(file + ": " + reason, cure);
  }

  /** The exception for the option that names the file. */
  public OptionException of(Option<?> option, OptionValues values) {
    return values.wrong(option, reason, cure);
  }
}
