package io.mysqltlsproxy;

import io.mysqltlsproxy.Command.Shell;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionFlags;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The commands and their flags, as picocli parses and calls them. */
final class Commands {
  private static final String PRINT_DEFAULTS = "--print-defaults";
  private static final String CONNECT = OptionSet.CONNECT.command();

  private static final String SOURCES =
      "Flags win over environment variables, and those over the option file. The variable of"
          + " --ssl-cert is MYSQL_TLS_PROXY_SSL_CERT, its line in the option file is ssl-cert=FILE"
          + " under [%s]; the others follow the same pattern.";

  private Commands() {}

  /**
   * Runs the command that the arguments name.
   *
   * @param wrong says what is wrong with them, and returns the exit status
   * @return the exit status
   */
  static int execute(String[] args, Shell shell, ToIntFunction<OptionException> wrong)
      throws OptionException {
    return commandLine(shell)
        .setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((e, arguments) -> wrong.applyAsInt(OptionFlags.wrong(e)))
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              if (e instanceof OptionException options) {
                return wrong.applyAsInt(options);
              }
              throw e;
            })
        .execute(OptionFlags.canonical(args));
  }

  /** The program with all of its commands. */
  static CommandLine commandLine(Shell shell) {
    CommandSpec program =
        Command.spec(
            Main.PROGRAM,
            "Puts TLS in front of a MySQL or MariaDB server that has none, and speaks TLS to a"
                + " server for clients that have none.",
            shell,
            Commands::usage);
    program.addSubcommand(
        RunCommand.NAME, proxy(OptionSet.RUN, "Runs the proxy in the foreground.", shell));
    program.addSubcommand(
        CONNECT,
        proxy(
            OptionSet.CONNECT,
            "Runs the mirror in the foreground: clients without TLS connect to it on this machine,"
                + " and it uses TLS with the server.",
            shell));
    program.addSubcommand(CertsFlags.CERTS, CertsFlags.certs(shell));
    program.addSubcommand(CheckCommand.NAME, check(shell));
    program.addSubcommand(OverheadFlags.OVERHEAD, OverheadFlags.overhead(shell));
    CommandSpec health = health(HealthCommand.NAME, OptionSet.RUN, shell);
    health.addSubcommand(CONNECT, health(CONNECT, OptionSet.CONNECT, shell));
    program.addSubcommand(HealthCommand.NAME, health);
    return new CommandLine(program)
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setPosixClusteredShortOptionsAllowed(false)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
  }

  /** {@code run} or {@code connect}. */
  private static CommandSpec proxy(OptionSet options, String description, Shell shell) {
    CommandSpec command =
        Command.spec(
            options.command(),
            description,
            shell,
            (parsed, each) ->
                parsed.hasMatchedOption(PRINT_DEFAULTS)
                    ? printDefaults(values(parsed, each), each)
                    : RunCommand.run(values(parsed, each), each.out(), each.err()));
    command.addOption(
        OptionSpec.builder(PRINT_DEFAULTS)
            .description("Prints the options in effect after all sources, and exits.")
            .build());
    OptionFlags.addTo(command, options);
    return withSources(command, options);
  }

  private static CommandSpec check(Shell shell) {
    Command action =
        (parsed, each) ->
            CheckCommand.run(parsed, values(parsed, each), each.out(), each.environment());
    CommandSpec check = withSources(CheckCommand.spec(shell, action), OptionSet.RUN);
    check.addSubcommand(
        CONNECT, withSources(CheckCommand.ofConnect(shell, action), OptionSet.CONNECT));
    return check;
  }

  private static CommandSpec health(String name, OptionSet options, Shell shell) {
    CommandSpec health =
        Command.spec(
            name,
            "Asks the admin port of the proxy started with these options whether it is alive.",
            shell,
            (parsed, each) -> HealthCommand.run(values(parsed, each), each.out(), each.err()));
    OptionFlags.addTo(health, options);
    return health;
  }

  private static CommandSpec withSources(CommandSpec command, OptionSet options) {
    command.usageMessage().footer("", SOURCES.formatted(options.group()));
    return command;
  }

  private static int usage(ParseResult program, Shell shell) {
    program.commandSpec().commandLine().usage(shell.err());
    return Main.WRONG_OPTIONS;
  }

  private static int printDefaults(OptionValues values, Shell shell) {
    values.flags().forEach(shell.out()::println);
    return 0;
  }

  private static OptionValues values(ParseResult parsed, Shell shell) throws OptionException {
    OptionSet options = OptionSet.of(parsed.commandSpec());
    return OptionSources.read(
        options, OptionFlags.texts(parsed, options), shell.environment(), Main.usualFile());
  }
}
