package io.mysqltlsproxy;

import io.mysqltlsproxy.option.OptionException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What a command does: picocli parses its flags, and calls it. */
@FunctionalInterface
interface Command {
  /** Where the column of meanings begins leaves half of 80 columns to them. */
  int FLAG_COLUMNS = 35;

  /**
   * Does it.
   *
   * @param parsed the command's own flags and arguments
   * @param shell where it reads and writes
   * @return the exit status
   * @throws OptionException for what the flags say; the exit status is 2
   */
  int run(ParseResult parsed, Shell shell) throws OptionException;

  /**
   * What a command has of the shell that called it.
   *
   * @param environment the variables, by name
   */
  record Shell(Map<String, String> environment, PrintStream out, PrintStream err) {}

  /** The command's name, its flags {@code --help} and {@code --version}, and what it does. */
  static CommandSpec spec(String name, String description, Shell shell, Command command) {
    Call call = new Call(command, shell);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(call).name(name);
    call.spec = spec;
    spec.versionProvider(Version::lines);
    spec.addOption(
        OptionSpec.builder("-?", "--help").usageHelp(true).description("Shows this help.").build());
    spec.addOption(
        OptionSpec.builder("--version")
            .versionHelp(true)
            .description(
                "Shows the version, the commit, and the Java, Netty and TLS library in use.")
            .build());
    spec.usageMessage()
        .description(description)
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .width(80)
        .longOptionsMaxWidth(FLAG_COLUMNS);
    return spec;
  }

  /** What picocli calls once it has parsed the flags. */
  final class Call implements Callable<Integer> {
    private final Command command;
    private final Shell shell;
    private @Nullable CommandSpec spec;

    private Call(Command command, Shell shell) {
      this.command = command;
      this.shell = shell;
    }

    @Override
    public Integer call() throws OptionException {
      if (spec == null) {
        throw new IllegalStateException("called before it was described");
      }
      return command.run(spec.commandLine().getParseResult(), shell);
    }
  }
}
