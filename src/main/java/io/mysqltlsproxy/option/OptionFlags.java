package io.mysqltlsproxy.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The options as flags of a command line that picocli parses. */
public final class OptionFlags {

  private static final String FLAG = "--";

  private OptionFlags() {}

  /** Gives the command a flag for every option. */
  public static void addTo(CommandSpec command, OptionSet options) {
    for (Option<?> option : options.all()) {
      command.addOption(
          OptionSpec.builder(FLAG + option.name())
              .type(String.class)
              .arity(option.isSwitch() ? "0..1" : "1")
              .fallbackValue(option.isSwitch() ? "ON" : "")
              .paramLabel(option.argument())
              .description(description(option))
              .build());
    }
  }

  private static String[] description(Option<?> option) {
    // picocli would read a percent sign as a format.
    return Stream.of(option.meaning(), "Default: " + option.defaultText())
        .limit(option.defaultText().isEmpty() ? 1 : 2)
        .map(line -> line.replace("%", "%%"))
        .toArray(String[]::new);
  }

  /**
   * Returns the arguments in the one spelling that picocli knows: hyphens for underscores, {@code
   * --name=OFF} for {@code --skip-name}, and nothing of {@code --loose-name} when no option has the
   * name.
   */
  public static String[] canonical(String... arguments) throws OptionException {
    OptionSet options = OptionSet.of(List.of(arguments));
    List<String> canonical = new ArrayList<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith(FLAG) || argument.equals(FLAG)) {
        canonical.add(argument);
        continue;
      }
      String written = equals < 0 ? argument : argument.substring(0, equals);
      String value = equals < 0 ? "" : argument.substring(equals);
      OptionName name = OptionName.of(options, written.substring(FLAG.length()));
      if (name.skip() && name.option().isPresent()) {
        if (!value.isEmpty()) {
          throw name.skipWithValue(FLAG, value.substring(1));
        }
        canonical.add(FLAG + name.option().get().name() + "=OFF");
      } else if (name.option().isPresent() || !name.loose()) {
        canonical.add(FLAG + name.plain() + value);
      }
    }
    return canonical.toArray(String[]::new);
  }

  /** Returns the text of each flag that was given, the last of each, by the option's name. */
  public static Map<String, String> texts(ParseResult parsed, OptionSet options) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (OptionSpec flag : parsed.matchedOptions()) {
      String name = flag.longestName().substring(FLAG.length());
      if (options.find(name).isPresent()) {
        List<String> given = flag.stringValues();
        texts.put(name, given.get(given.size() - 1));
      }
    }
    return texts;
  }

  /** What picocli found wrong, as one line that names the option and the cure. */
  public static OptionException wrong(ParameterException e) {
    String help =
        e.getCommandLine().getCommandSpec().qualifiedName() + " --help lists what there is";
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      ArgSpec flag = missing.getMissing().get(0);
      if (!flag.isOption()) {
        return new OptionException(flag.paramLabel() + ": missing; " + help);
      }
      String name = ((OptionSpec) flag).longestName();
      return new OptionException(name + ": no value; write " + name + "=" + flag.paramLabel());
    }
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String argument = unmatched.getUnmatched().get(0);
      if (!argument.startsWith(FLAG)) {
        return new OptionException(argument + ": unknown argument; " + help);
      }
      // Without the value, which may be a password meant for another program.
      String written = argument.replaceFirst("=.*", "");
      OptionName name =
          OptionName.of(
              OptionSet.of(e.getCommandLine().getCommandSpec()), written.substring(FLAG.length()));
      CommandSpec command = e.getCommandLine().getCommandSpec();
      if (command.parent() != null && command.findOption(FLAG + Options.PORT.name()) == null) {
        return new OptionException(written + ": unknown option; " + help);
      }
      return name.option().isPresent()
          ? new OptionException(written + ": an option of a command; write it after the command")
          : name.unknown(FLAG, option -> FLAG + option.name());
    }
    return new OptionException(e.getMessage() + "; " + help);
  }
}
