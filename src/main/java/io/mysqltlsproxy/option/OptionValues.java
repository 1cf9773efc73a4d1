package io.mysqltlsproxy.option;

import java.util.List;
import java.util.Map;

/** The value of every option, and where each came from. */
public final class OptionValues {

  /**
   * A value and its origin.
   *
   * @param place where the user finds it, and the name: {@code --port}, {@code
   *     MYSQL_TLS_PROXY_PORT: port}, {@code /etc/mysql-tls-proxy.cnf:7: port}
   * @param text as the user wrote it, or the default; empty where there is none
   * @param value what it means
   */
  record Given(String place, String text, Object value) {}

  private final OptionSet options;

  /** By the option's name: an option of two commands is one, though it is described twice. */
  private final Map<String, Given> given;

  OptionValues(OptionSet options, Map<String, Given> given) {
    this.options = options;
    this.given = Map.copyOf(given);
  }

  /** The option's value: as given, else its default. */
  @SuppressWarnings("unchecked") // a value is only ever made by its option's own check
  public <T> T get(Option<T> option) {
    Given found = given.get(option.name());
    if (found == null) {
      throw new IllegalArgumentException(option.name() + " is not among these options");
    }
    return (T) found.value();
  }

  /** Whether they are the options of this command. */
  public boolean areOf(OptionSet command) {
    return options.equals(command);
  }

  /** Whether this is one of the command's options. */
  public boolean has(Option<?> option) {
    return given.containsKey(option.name());
  }

  /** The flags that would give these values, in the order of {@code --help}. */
  public List<String> flags() {
    return options.all().stream()
        .filter(option -> !text(option).isEmpty())
        .map(option -> "--" + option.name() + "=" + text(option))
        .toList();
  }

  /**
   * The exception for a value that turned out to be unusable after it was parsed, such as a file
   * that is not there.
   *
   * @param reason what is wrong, a clause without a full stop: {@code no such file}
   * @param hint what to do, a clause without a full stop
   */
  public OptionException wrong(Option<?> option, String reason, String hint) {
    Given found = given.get(option.name());
    String at = found == null ? "--" + option.name() : found.place();
    String text = text(option).isEmpty() ? "" : "=" + text(option);
    return new OptionException(at + text + ": " + reason + "; " + hint);
  }

  private String text(Option<?> option) {
    Given found = given.get(option.name());
    return found == null ? "" : found.text();
  }
}
