package io.mysqltlsproxy.option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In which format an error is printed that keeps the options from being read: the one that {@code
 * log-format} asks for, as far as that can be told from sources of which one is wrong.
 */
public final class LogFormatGuess {
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:loose[-_])?log[-_]format\\s*=\\s*['\"]?(\\w+).*");

  private LogFormatGuess() {}

  /**
   * The format.
   *
   * @param arguments of the command line
   * @param usualFile the option file that is read where nothing names another
   */
  public static LogFormat of(
      List<String> arguments, Map<String, String> environment, Path usualFile) {
    String wanted =
        flag(arguments, Options.LOG_FORMAT)
            .or(() -> variable(environment, Options.LOG_FORMAT))
            .or(
                () ->
                    line(
                        OptionSet.of(arguments),
                        flag(arguments, Options.DEFAULTS_FILE)
                            .or(() -> variable(environment, Options.DEFAULTS_FILE))
                            .orElse(usualFile.toString())))
            .orElse("");
    return wanted.toLowerCase(Locale.ROOT).equals("json") ? LogFormat.JSON : LogFormat.TEXT;
  }

  /** The last counts, in either spelling. */
  private static Optional<String> flag(List<String> arguments, Option<?> option) {
    String flag = "--" + option.name();
    String value = null;
    for (int i = 0; i < arguments.size(); i++) {
      String[] parts = arguments.get(i).split("=", 2);
      if (!parts[0].replace('_', '-').equals(flag)) {
        continue;
      }
      if (parts.length == 2) {
        value = parts[1];
      } else if (i + 1 < arguments.size()) {
        value = arguments.get(i + 1);
      }
    }
    return Optional.ofNullable(value);
  }

  private static Optional<String> variable(Map<String, String> environment, Option<?> option) {
    return Optional.ofNullable(environment.get(option.variable())).filter(text -> !text.isEmpty());
  }

  private static Optional<String> line(OptionSet options, String name) {
    try {
      Path file = Path.of(name);
      try {
        return OptionFile.read(options, file, "", false).stream()
            .filter(
                line ->
                    OptionName.of(options, line.name())
                        .option()
                        .equals(Optional.of(Options.LOG_FORMAT)))
            .map(line -> String.valueOf(line.value()))
            .reduce((first, second) -> second);
      } catch (OptionException wrong) {
        return raw(file);
      }
    } catch (IOException | InvalidPathException unreadable) {
      return Optional.empty();
    }
  }

  /** Of a file with a line that cannot be read; a pipe or a device may have no end. */
  private static Optional<String> raw(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .map(match -> match.group(1))
        .reduce((first, second) -> second);
  }
}
