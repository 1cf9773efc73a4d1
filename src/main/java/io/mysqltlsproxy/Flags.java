package io.mysqltlsproxy;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.Option.ValueParser;
import io.mysqltlsproxy.option.OptionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags of one command that are no options of the proxy: they stand on the command line alone.
 *
 * @param parsed the command with what stands behind it
 */
record Flags(ParseResult parsed) {

  /**
   * Gives a command a flag with a value, of which the last counts.
   *
   * @param defaultText empty where there is none
   */
  static void add(
      CommandSpec command, String name, String label, String defaultText, String meaning) {
    OptionSpec.Builder flag =
        OptionSpec.builder(name)
            .type(String.class)
            .arity("1")
            .paramLabel(label)
            .description(meaning);
    if (!defaultText.isEmpty()) {
      flag.defaultValue(defaultText).description(meaning, "Default: " + defaultText);
    }
    command.addOption(flag.build());
  }

  /** Gives a command a flag that may be given several times, of which each counts. */
  static void addList(CommandSpec command, String name, String label, String meaning) {
    command.addOption(
        OptionSpec.builder(name)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel(label)
            .description(meaning)
            .build());
  }

  /** Gives a command a flag without a value. */
  static void addSwitch(CommandSpec command, String name, String meaning) {
    command.addOption(OptionSpec.builder(name).description(meaning).build());
  }

  /** Whether the flag was given. */
  boolean has(String flag) {
    return parsed.hasMatchedOption(flag);
  }

  /** The text that was given, or else the default, of a flag that has one. */
  String text(String flag) {
    return parsed.commandSpec().findOption(flag).getValue();
  }

  /**
   * The value that was given, or else the default, of a flag that has one.
   *
   * @throws OptionException when it is no value, naming the flag and the cure
   */
  <T> T value(String flag, ValueParser<T> check) throws OptionException {
    String text = text(flag);
    return checked(flag + "=" + text, text, check);
  }

  /** The text that was given, if one was. */
  Optional<String> given(String flag) {
    return has(flag) ? Optional.of(text(flag)) : Optional.empty();
  }

  /** The value that was given, if one was. */
  <T> Optional<T> optional(String flag, ValueParser<T> check) throws OptionException {
    return has(flag) ? Optional.of(value(flag, check)) : Optional.empty();
  }

  /** Every value that was given, in that order, of a flag that may be given several times. */
  <T> List<T> list(String flag, ValueParser<T> check) throws OptionException {
    List<T> values = new ArrayList<>();
    for (String text : parsed.matchedOptionValue(flag, List.<String>of())) {
      values.add(checked(flag + "=" + text, text, check));
    }
    return values;
  }

  /**
   * The value of a text.
   *
   * @param place where it stands, which the message begins with: {@code --days=0}
   */
  static <T> T checked(String place, String text, ValueParser<T> check) throws OptionException {
    try {
      return check.parse(text);
    } catch (InvalidValueException e) {
      throw new OptionException(place + ": " + e.getMessage() + "; " + e.hint());
    }
  }
}
