package io.mysqltlsproxy.option;

import java.util.Locale;

/**
 * One option of the command line, the option file and the environment.
 *
 * @param name as mysqld spells it, with hyphens: {@code ssl-cert}
 * @param argument what {@code --help} calls the value: {@code FILE}
 * @param defaultText the value when nothing gives one, written as a user would write it; empty
 *     where there is no default
 * @param meaning one or two sentences for {@code --help} and the reference page
 * @param check turns the text into the value
 * @param <T> the value's type; {@code Optional} for an option without a default
 */
public record Option<T>(
    String name, String argument, String defaultText, String meaning, ValueParser<T> check) {

  static final String VARIABLE_PREFIX = "MYSQL_TLS_PROXY_";

  /** The environment variable: {@code MYSQL_TLS_PROXY_SSL_CERT}. */
  public String variable() {
    return VARIABLE_PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** The same option of another command, where it means something else. */
  Option<T> meaning(String other) {
    return new Option<>(name, argument, defaultText, other, check);
  }

  /** Whether the name alone means ON, and {@code skip-} before it OFF. */
  public boolean isSwitch() {
    return check == ValueParsers.SWITCH;
  }

  /** Turns an option's text into its value. */
  @FunctionalInterface
  public interface ValueParser<T> {
    /**
     * Returns the value that the text stands for.
     *
     * @throws InvalidValueException when the text is no such value
     */
    T parse(String text) throws InvalidValueException;

    /** The values that it accepts, for the reference page: {@code 2 to 60 seconds}. */
    default String range() {
      return "";
    }
  }

  /** Why a text is not a value of its option, and what to write instead. */
  public static final class InvalidValueException extends Exception {
    private final String hint;
    private final boolean secret;

    /**
     * A reason and a hint.
     *
     * @param reason what is wrong, a clause without a full stop: {@code not a number}
     * @param hint what to do, a clause: {@code give a port from 0 to 65535}
     */
    public InvalidValueException(String reason, String hint) {
      this(reason, hint, false);
    }

    private InvalidValueException(String reason, String hint, boolean secret) {
      super(reason);
      this.hint = hint;
      this.secret = secret;
    }

    /** The same of a text that is not to be shown. */
    static InvalidValueException ofSecret(String reason, String hint) {
      return new InvalidValueException(reason, hint, true);
    }

    /** Whether the text may hold a secret. */
    boolean isSecret() {
      return secret;
    }

    /** What to do about it. */
    public String hint() {
      return hint;
    }
  }
}
