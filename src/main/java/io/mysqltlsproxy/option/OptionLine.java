package io.mysqltlsproxy.option;

import org.jspecify.annotations.Nullable;

/**
 * One option as a line of an option file gives it: {@code name}, {@code name=value}, {@code name =
 * "value" # comment}.
 *
 * @param place what stands before the name in a message: {@code /etc/my.cnf:7: }
 * @param name as written
 * @param value without quotes and escapes; null where the line has no equals sign
 */
record OptionLine(String place, String name, @Nullable String value) {

  private static final char NOT_UTF_8 = '\uFFFD';

  /** Reads a line that is no comment, no group and no directive. */
  static OptionLine parse(String line, String place) throws OptionException {
    String option = withoutComment(line);
    if (option.indexOf(NOT_UTF_8) >= 0) {
      throw new OptionException(place + option + ": not UTF-8; save the file as UTF-8");
    }
    int equals = option.indexOf('=');
    if (equals < 0) {
      return new OptionLine(place, option, null);
    }
    String name = option.substring(0, equals).strip();
    String value = option.substring(equals + 1).strip();
    if (value.startsWith("'") || value.startsWith("\"")) {
      if (value.length() < 2 || value.charAt(value.length() - 1) != value.charAt(0)) {
        throw new OptionException(place + option + ": unclosed quote; close it");
      }
      value = value.substring(1, value.length() - 1);
    }
    return new OptionLine(place, name, unescaped(value));
  }

  /** As in MySQL, a backslash keeps a quote from closing, but from opening it keeps nothing. */
  private static String withoutComment(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#') {
        return line.substring(0, i).strip();
      }
    }
    return line;
  }

  private static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\\' || i == value.length() - 1) {
        text.append(c);
        continue;
      }
      char escaped = value.charAt(++i);
      switch (escaped) {
        case 'b' -> text.append('\b');
        case 't' -> text.append('\t');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 's' -> text.append(' ');
        case '\\', '\'', '"' -> text.append(escaped);
        default -> text.append('\\').append(escaped);
      }
    }
    return text.toString();
  }
}
