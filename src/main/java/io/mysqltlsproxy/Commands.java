package io.mysqltlsproxy;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionFlags;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The commands and their flags, as picocli parses them. */
final class Commands {
  private static final String PRINT_DEFAULTS = "--print-defaults";

  private static final String SOURCES =
      "Flags win over environment variables, and those over the option file. The variable of"
          + " --ssl-cert is MYSQL_TLS_PROXY_SSL_CERT, its line in the option file is ssl-cert=FILE"
          + " under [mysql-tls-proxy]; the others follow the same pattern.";

  /** Where the column of meanings begins leaves half of 80 columns to them. */
  private static final int FLAG_COLUMNS = 35;

  private Commands() {}

  /** Returns the exit status of the command that the arguments name. */
  static int execute(
      String[] args, Map<String, String> environment, PrintStream out, PrintStream err)
      throws OptionException {
    try {
      return execute(commandLine().parseArgs(OptionFlags.canonical(args)), environment, out, err);
    } catch (ParameterException e) {
      throw OptionFlags.wrong(e);
    }
  }

  private static int execute(
      ParseResult parsed, Map<String, String> environment, PrintStream out, PrintStream err)
      throws OptionException {
    ParseResult command = parsed;
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    if (command.isUsageHelpRequested()) {
      command.commandSpec().commandLine().usage(out);
      return 0;
    }
    if (command.isVersionHelpRequested()) {
      out.println(Main.PROGRAM + " " + Main.version());
      return 0;
    }
    if (command == parsed) {
      parsed.commandSpec().commandLine().usage(err);
      return Main.WRONG_OPTIONS;
    }
    if (parsed.subcommand().commandSpec().name().equals(CertsFlags.CERTS)) {
      return CertsCommand.run(parsed.subcommand(), out, err);
    }
    if (parsed.subcommand().commandSpec().name().equals(OverheadFlags.OVERHEAD)) {
      return OverheadCommand.run(parsed.subcommand(), environment, out, err);
    }
    OptionValues values =
        OptionSources.read(OptionFlags.texts(command), environment, Main.usualFile());
    if (command.hasMatchedOption(PRINT_DEFAULTS)) {
      values.flags().forEach(out::println);
      return 0;
    }
    return switch (command.commandSpec().name()) {
      case CheckCommand.NAME -> CheckCommand.run(command, values, out);
      case HealthCommand.NAME -> HealthCommand.run(values, out, err);
      default -> RunCommand.run(values, out, err);
    };
  }

  private static CommandLine commandLine() {
    CommandSpec run = command(RunCommand.NAME, "Runs the proxy in the foreground.");
    run.addOption(
        OptionSpec.builder(PRINT_DEFAULTS)
            .description("Prints the options in effect after all sources, and exits.")
            .build());
    OptionFlags.addTo(run);
    run.usageMessage().footer("", SOURCES);
    CommandSpec check = CheckCommand.spec();
    check.usageMessage().footer("", SOURCES);
    CommandSpec health =
        command(
            HealthCommand.NAME,
            "Asks the admin port of the proxy started with these options whether it is"
                + " alive.");
    OptionFlags.addTo(health);
    CommandSpec program =
        command(Main.PROGRAM, "Puts TLS in front of a MySQL or MariaDB server that has none.");
    program.addSubcommand(RunCommand.NAME, run);
    program.addSubcommand(CertsFlags.CERTS, CertsFlags.certs());
    program.addSubcommand(CheckCommand.NAME, check);
    program.addSubcommand(OverheadFlags.OVERHEAD, OverheadFlags.overhead());
    program.addSubcommand(HealthCommand.NAME, health);
    return new CommandLine(program)
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setPosixClusteredShortOptionsAllowed(false)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
  }

  /** A command that knows --help and --version. */
  static CommandSpec command(String name, String description) {
    CommandSpec command = CommandSpec.create().name(name);
    command.addOption(
        OptionSpec.builder("-?", "--help").usageHelp(true).description("Shows this help.").build());
    command.addOption(
        OptionSpec.builder("--version")
            .versionHelp(true)
            .description("Shows the program's version.")
            .build());
    command
        .usageMessage()
        .description(description)
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .width(80)
        .longOptionsMaxWidth(FLAG_COLUMNS);
    return command;
  }
}
