package io.mysqltlsproxy.option;

import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/**
 * An option's name as a user writes it on the command line or in a file, where hyphen and
 * underscore are alike: {@code ssl_cert}, {@code skip-require-secure-transport}, {@code
 * loose-port}. See MySQL's <a
 * href="https://dev.mysql.com/doc/refman/8.4/en/option-modifiers.html">Program Option
 * Modifiers</a>.
 *
 * @param options of the command
 * @param plain the name with hyphens and without {@code loose-}
 * @param option empty when there is no such option
 * @param skip whether {@code skip-} stood before the name and turns the option off
 * @param loose whether {@code loose-} stood before the name, so that an unknown option is ignored
 */
record OptionName(
    OptionSet options, String plain, Optional<Option<?>> option, boolean skip, boolean loose) {

  private static final String SKIP = "skip-";
  private static final String LOOSE = "loose-";

  static OptionName of(OptionSet options, String written) {
    String plain = written.replace('_', '-');
    boolean loose = plain.startsWith(LOOSE);
    if (loose) {
      plain = plain.substring(LOOSE.length());
    }
    Optional<Option<?>> option = options.find(plain);
    boolean skip = option.isEmpty() && plain.startsWith(SKIP);
    if (skip) {
      option = options.find(plain.substring(SKIP.length())).filter(Option::isSwitch);
    }
    return new OptionName(options, plain, option, skip, loose);
  }

  /**
   * The exception for a name that no option has.
   *
   * @param place what stands before the name in the message: {@code --} or a file and line
   * @param spelling how that place writes the option that was probably meant
   */
  OptionException unknown(String place, Function<Option<?>, String> spelling) {
    return options
        .commandWith(plain)
        .map(
            command ->
                new OptionException(
                    place
                        + plain
                        + ": an option of "
                        + command
                        + ", not of "
                        + options.command()
                        + "; leave it out"))
        .orElseGet(
            () ->
                new OptionException(
                    place + plain + ": unknown option; " + didYouMean(options, plain, spelling)));
  }

  /** The exception for {@code skip-name=value}. */
  OptionException skipWithValue(String place, String value) {
    return new OptionException(
        place
            + plain
            + "="
            + value
            + ": takes no value after skip-; write "
            + plain.substring(SKIP.length())
            + "=ON or =OFF");
  }

  /** The cure for a wrong name: the option that was probably meant, in its source's spelling. */
  static String didYouMean(OptionSet options, String name, Function<Option<?>, String> spelling) {
    Option<?> nearest =
        options.all().stream()
            .min(Comparator.comparingInt(option -> distance(name, option.name())))
            .orElseThrow();
    return distance(name, nearest.name()) <= Math.max(2, name.length() / 3)
        ? "did you mean " + spelling.apply(nearest) + "?"
        : "mysql-tls-proxy " + options.command() + " --help lists the options";
  }

  /** Levenshtein's: how many letters must be added, removed or replaced. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
