package io.mysqltlsproxy;

import io.mysqltlsproxy.check.Checklist;
import io.mysqltlsproxy.check.DryRun;
import io.mysqltlsproxy.check.Findings;
import io.mysqltlsproxy.check.JsonPrinter;
import io.mysqltlsproxy.check.Level;
import io.mysqltlsproxy.check.Printer;
import io.mysqltlsproxy.check.TextPrinter;
import io.mysqltlsproxy.option.LogLevel;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionFlags;
import io.mysqltlsproxy.option.OptionValues;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code check}: goes through the SSL checklist, or says whether a client would come in. */
final class CheckCommand {
  static final String NAME = "check";

  private static final String FORMAT = "--format";
  private static final String SERVER_NAME = "--name";
  private static final String CLIENTS_CA = "--clients-ca";
  private static final String USER = "--user";
  private static final String HOST = "--host";
  private static final String CLIENT_CERT = "--client-cert";
  private static final String TLS_CIPHER = "--tls-cipher";
  private static final String PLAIN = "--plain";

  /** What only a client has, and asks for the dry run. */
  private static final List<String> OF_A_CLIENT =
      List.of(USER, HOST, CLIENT_CERT, TLS_CIPHER, PLAIN);

  private static final int DONE = 0;
  private static final int WRONG = 1;

  private final ParseResult command;

  private CheckCommand(ParseResult command) {
    this.command = command;
  }

  /** The command with its flags: its own, and those of {@code run}. */
  static CommandSpec spec() {
    CommandSpec command =
        Commands.command(
            NAME,
            "Goes through the SSL checklist: certificates, keys, rules, the port and the server."
                + " The status is 1 where something is wrong. With --user and --host it says"
                + " instead whether this client would come in, and the status is 1 where it would"
                + " not.");
    add(command, FORMAT, "text|json", "How it is printed. Default: text");
    add(
        command,
        SERVER_NAME,
        "HOST",
        "A name or address by which clients connect, which the certificate must cover; may be"
            + " given several times. Without it --bind-address is looked for.");
    add(
        command,
        CLIENTS_CA,
        "FILE",
        "With which CA clients verify the proxy, where it is not in --ssl-ca; may be given several"
            + " times.");
    add(command, USER, "NAME", "The user of a client that might come in.");
    add(command, HOST, "ADDRESS", "Where that client comes from: an IP address, or localhost.");
    add(
        command,
        CLIENT_CERT,
        "FILE",
        "The certificate that it shows, in PEM, and intermediates behind it. Default: none");
    add(
        command,
        TLS_CIPHER,
        "NAME",
        "The cipher that it insists on, by its OpenSSL name. Default: the proxy's first");
    command.addOption(
        OptionSpec.builder(PLAIN).description("That client does not use TLS.").build());
    OptionFlags.addTo(command);
    return command;
  }

  private static void add(CommandSpec command, String name, String argument, String meaning) {
    command.addOption(
        OptionSpec.builder(name)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel(argument)
            .description(meaning)
            .build());
  }

  /** Returns 0 where nothing is wrong, or the client comes in; else 1. */
  static int run(ParseResult command, OptionValues values, PrintStream out) throws OptionException {
    // What run would log, the findings say.
    Logging.setLevel(LogLevel.ERROR);
    CheckCommand check = new CheckCommand(command);
    Printer printer = check.printer(out);
    if (OF_A_CLIENT.stream().anyMatch(command::hasMatchedOption)) {
      DryRun.Outcome outcome = check.dryRun().run(values);
      printer.print(outcome);
      return outcome.admitted() ? DONE : WRONG;
    }
    Findings findings =
        new Checklist(check.given(SERVER_NAME), check.paths(CLIENTS_CA)).run(values);
    printer.print(findings);
    return findings.count(Level.WRONG) > 0 ? WRONG : DONE;
  }

  private Printer printer(PrintStream out) throws OptionException {
    String format = last(FORMAT).orElse("text");
    return switch (format) {
      case "text" -> new TextPrinter(out, Ansi.AUTO.enabled());
      case "json" -> new JsonPrinter(out);
      default ->
          throw new OptionException(FORMAT + "=" + format + ": no such format; give text or json");
    };
  }

  private DryRun dryRun() throws OptionException {
    return new DryRun(
        last(USER).orElseThrow(() -> missing(USER, "NAME")),
        last(HOST).orElseThrow(() -> missing(HOST, "ADDRESS")),
        paths(CLIENT_CERT).stream().reduce((first, next) -> next),
        last(TLS_CIPHER),
        command.hasMatchedOption(PLAIN));
  }

  private static OptionException missing(String option, String argument) {
    return new OptionException(
        option
            + ": not given, but other options of a client are; write "
            + option
            + "="
            + argument);
  }

  private List<Path> paths(String option) throws OptionException {
    List<Path> paths = new ArrayList<>();
    for (String text : given(option)) {
      try {
        paths.add(Path.of(text));
      } catch (InvalidPathException e) {
        throw new OptionException(option + "=" + text + ": not a path; give the path of a file");
      }
    }
    return paths;
  }

  private Optional<String> last(String option) {
    List<String> given = given(option);
    return given.isEmpty() ? Optional.empty() : Optional.of(given.get(given.size() - 1));
  }

  private List<String> given(String option) {
    return command.matchedOptionValue(option, List.of());
  }
}
