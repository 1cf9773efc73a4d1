package io.mysqltlsproxy;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.ValueParsers;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The password of a command that logs in: never on the command line, which everyone can see. */
final class Password {
  static final String FILE = "--password-file";

  /** As MySQL's clients have it. */
  static final String VARIABLE = "MYSQL_PWD";

  private Password() {}

  /**
   * From the file, or else from the variable; in UTF-8.
   *
   * @throws OptionException when the file cannot be read
   */
  static Optional<byte[]> given(Flags flags, Map<String, String> environment)
      throws OptionException {
    Optional<byte[]> fromFile = flags.optional(FILE, Password::read);
    return fromFile.isPresent()
        ? fromFile
        : Optional.ofNullable(environment.get(VARIABLE))
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same, or else what somebody types; none where nobody can. */
  static byte[] givenOrTyped(Flags flags, Map<String, String> environment, String user)
      throws OptionException {
    Optional<byte[]> given = given(flags, environment);
    return given.isPresent() ? given.get() : typed(user);
  }

  @SuppressWarnings("SystemConsoleNull") // it asks on, as newer versions want it
  private static byte[] typed(String user) {
    Console console = System.console();
    if (console == null || !isTerminal(console)) {
      return new byte[0];
    }
    char[] typed = console.readPassword("Password of '%s': ", user);
    return typed == null ? new byte[0] : new String(typed).getBytes(StandardCharsets.UTF_8);
  }

  /** From Java 22 on there is a console without a terminal, too, and it says so. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException older) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the method is public", e);
    }
  }

  private static byte[] read(String file) throws InvalidValueException {
    try {
      byte[] content = Files.readAllBytes(ValueParsers.PATH.parse(file));
      int end = content.length;
      while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
        end--;
      }
      return Arrays.copyOf(content, end);
    } catch (IOException e) {
      throw new InvalidValueException(
          "cannot be read", "give a file that contains only the password");
    }
  }
}
