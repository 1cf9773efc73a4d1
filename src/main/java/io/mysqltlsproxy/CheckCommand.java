package io.mysqltlsproxy;

import io.mysqltlsproxy.check.Checklist;
import io.mysqltlsproxy.check.Findings;
import io.mysqltlsproxy.check.JsonPrinter;
import io.mysqltlsproxy.check.Level;
import io.mysqltlsproxy.check.TextPrinter;
import io.mysqltlsproxy.option.LogLevel;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionFlags;
import io.mysqltlsproxy.option.OptionValues;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code check}: goes through the SSL checklist. */
final class CheckCommand {
  static final String NAME = "check";

  private static final String FORMAT = "--format";
  private static final String HOST_NAME = "--name";
  private static final String CLIENTS_CA = "--clients-ca";
  private static final int DONE = 0;
  private static final int WRONG = 1;

  private CheckCommand() {}

  /** Gives the command its flags: its own, and those of {@code run}. */
  static void addOptions(CommandSpec command) {
    command.addOption(option(FORMAT, "text|json", "How the findings are printed. Default: text"));
    command.addOption(
        option(
            HOST_NAME,
            "HOST",
            "A name or address by which clients connect, which the certificate must cover; may be"
                + " given several times. Without it --bind-address is looked for."));
    command.addOption(
        option(
            CLIENTS_CA,
            "FILE",
            "With which CA clients verify the proxy, where it is not in --ssl-ca; may be given"
                + " several times."));
    OptionFlags.addTo(command);
  }

  private static OptionSpec option(String name, String argument, String meaning) {
    return OptionSpec.builder(name)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .paramLabel(argument)
        .description(meaning)
        .build();
  }

  /** Returns 0 where nothing is wrong, 1 where something is. */
  static int run(ParseResult command, OptionValues values, PrintStream out) throws OptionException {
    boolean json = json(command);
    // What run would log, the findings say.
    Logging.setLevel(LogLevel.ERROR);
    Findings findings = new Checklist(given(command, HOST_NAME), paths(command)).run(values);
    if (json) {
      new JsonPrinter(out).print(findings);
    } else {
      new TextPrinter(out, Ansi.AUTO.enabled()).print(findings);
    }
    return findings.count(Level.WRONG) > 0 ? WRONG : DONE;
  }

  private static boolean json(ParseResult command) throws OptionException {
    List<String> formats = given(command, FORMAT);
    String format = formats.isEmpty() ? "text" : formats.get(formats.size() - 1);
    if (!format.equals("text") && !format.equals("json")) {
      throw new OptionException(FORMAT + "=" + format + ": no such format; give text or json");
    }
    return format.equals("json");
  }

  private static List<Path> paths(ParseResult command) throws OptionException {
    try {
      return given(command, CLIENTS_CA).stream().map(Path::of).toList();
    } catch (InvalidPathException e) {
      throw new OptionException(
          CLIENTS_CA + "=" + e.getInput() + ": not a path; give the path of a file");
    }
  }

  private static List<String> given(ParseResult command, String option) {
    return command.matchedOptionValue(option, List.of());
  }
}
