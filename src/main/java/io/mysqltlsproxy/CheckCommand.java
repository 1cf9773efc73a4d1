package io.mysqltlsproxy;

import io.mysqltlsproxy.Command.Shell;
import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.check.Checklist;
import io.mysqltlsproxy.check.ConnectChecklist;
import io.mysqltlsproxy.check.DryRun;
import io.mysqltlsproxy.check.Findings;
import io.mysqltlsproxy.check.JsonPrinter;
import io.mysqltlsproxy.check.Level;
import io.mysqltlsproxy.check.Printer;
import io.mysqltlsproxy.check.TextPrinter;
import io.mysqltlsproxy.log.Logging;
import io.mysqltlsproxy.option.LogLevel;
import io.mysqltlsproxy.option.Option.InvalidValueException;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionFlags;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.ValueParsers;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
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

  private final Flags flags;

  private CheckCommand(Flags flags) {
    this.flags = flags;
  }

  /** The command with its flags: its own, and those of {@code run}. */
  static CommandSpec spec(Shell shell, Command action) {
    CommandSpec command =
        Command.spec(
            NAME,
            "Goes through the SSL checklist: certificates, keys, rules, the port and the server."
                + " The exit status is 1 if something is wrong. With --user and --host it says"
                + " instead whether this client could log in, and the status is 1 if not.",
            shell,
            action);
    Flags.add(command, FORMAT, "text|json", "text", "The output format.");
    Flags.addList(
        command,
        SERVER_NAME,
        "HOST",
        "A name or address that clients connect to, which the certificate must"
            + " cover. May be repeated. The default is --bind-address.");
    Flags.addList(
        command,
        CLIENTS_CA,
        "FILE",
        "The CA that clients use to verify the proxy, if it is not in --ssl-ca. May be"
            + " repeated.");
    Flags.add(command, USER, "NAME", "", "The user name of the client to check.");
    Flags.add(command, HOST, "ADDRESS", "", "The client's address: an IP address, or localhost.");
    Flags.add(
        command,
        CLIENT_CERT,
        "FILE",
        "",
        "The client's certificate in PEM, followed by any intermediates. Default: none");
    Flags.add(
        command,
        TLS_CIPHER,
        "NAME",
        "",
        "The cipher that the client insists on, by OpenSSL name. Default: the proxy's first");
    Flags.addSwitch(command, PLAIN, "The client does not use TLS.");
    OptionFlags.addTo(command, OptionSet.RUN);
    return command;
  }

  /** The command for the options of {@code connect}. */
  static CommandSpec ofConnect(Shell shell, Command action) {
    CommandSpec command =
        Command.spec(
            OptionSet.CONNECT.command(),
            "Goes through the checklist of connect: the CA, CRLs, the proxy's own certificate and"
                + " key, rules, and the server with its certificate. With --user it also logs in"
                + " as a client without TLS would. The exit status is 1 if something is wrong.",
            shell,
            action);
    Flags.add(command, FORMAT, "text|json", "text", "The output format.");
    Flags.add(command, USER, "NAME", "", "Also log in with this account of the server.");
    Flags.add(
        command,
        Password.FILE,
        "FILE",
        "",
        "The file with the account's password. By default MYSQL_PWD is used, or else you are"
            + " asked for it.");
    OptionFlags.addTo(command, OptionSet.CONNECT);
    return command;
  }

  /** Returns 0 where nothing is wrong, or the client comes in; else 1. */
  static int run(
      ParseResult command, OptionValues values, PrintStream out, Map<String, String> environment)
      throws OptionException {
    // What run would log, the findings say.
    Logging.setLevel(LogLevel.ERROR);
    Flags flags = new Flags(command);
    CheckCommand check = new CheckCommand(flags);
    Printer printer = check.printer(out);
    if (values.areOf(OptionSet.CONNECT)) {
      Findings findings = new ConnectChecklist(check.account(environment)).run(values);
      printer.print(findings);
      return findings.count(Level.WRONG) > 0 ? WRONG : DONE;
    }
    if (OF_A_CLIENT.stream().anyMatch(flags::has)) {
      DryRun.Outcome outcome = check.dryRun().run(values);
      printer.print(outcome);
      return outcome.admitted() ? DONE : WRONG;
    }
    Findings findings =
        new Checklist(
                flags.list(SERVER_NAME, name -> name), flags.list(CLIENTS_CA, ValueParsers.PATH))
            .run(values);
    printer.print(findings);
    return findings.count(Level.WRONG) > 0 ? WRONG : DONE;
  }

  private Printer printer(PrintStream out) throws OptionException {
    return flags.value(
        FORMAT,
        format ->
            switch (format) {
              case "text" -> new TextPrinter(out, Ansi.AUTO.enabled());
              case "json" -> new JsonPrinter(out);
              default -> throw new InvalidValueException("not a format", "give text or json");
            });
  }

  private Optional<Account> account(Map<String, String> environment) throws OptionException {
    Optional<String> user = flags.given(USER);
    if (user.isEmpty()) {
      return Optional.empty();
    }
    byte[] password = Password.givenOrTyped(flags, environment, user.get());
    return Optional.of(new Account(user.get(), password, ""));
  }

  private DryRun dryRun() throws OptionException {
    return new DryRun(
        flags.given(USER).orElseThrow(() -> missing(USER, "NAME")),
        flags.given(HOST).orElseThrow(() -> missing(HOST, "ADDRESS")),
        flags.optional(CLIENT_CERT, ValueParsers.PATH),
        flags.given(TLS_CIPHER),
        flags.has(PLAIN));
  }

  private static OptionException missing(String option, String argument) {
    return new OptionException(
        option
            + ": missing, while other client options are given; write "
            + option
            + "="
            + argument);
  }
}
