package io.mysqltlsproxy;

import io.mysqltlsproxy.Command.Shell;
import io.mysqltlsproxy.log.ProgramOutput;
import io.mysqltlsproxy.option.LogFormat;
import io.mysqltlsproxy.option.LogFormatGuess;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Where the program begins. */
public final class Main {

  static final String PROGRAM = "mysql-tls-proxy";
  static final int WRONG_OPTIONS = 2;
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  private Main() {}

  /** Runs one command and ends the process with its status. */
  public static void main(String[] args) {
    if (System.getProperty(LEAK_DETECTION) == null) {
      // One buffer in 128 would carry the stack traces of its whole life.
      System.setProperty(LEAK_DETECTION, "disabled");
    }
    System.exit(execute(args, System.getenv(), System.out, System.err));
  }

  /** Returns the exit status: the command's own, or 2 for wrong options. */
  static int execute(
      String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    ToIntFunction<OptionException> wrong = e -> wrong(e, args, environment, out, err);
    try {
      // How containers start and are asked: where there is no flag, what parses flags is not
      // loaded.
      if (List.of(args).equals(List.of(RunCommand.NAME))) {
        return RunCommand.run(withoutFlags(environment), out, err);
      }
      if (List.of(args).equals(List.of(OptionSet.CONNECT.command()))) {
        return RunCommand.run(
            OptionSources.read(OptionSet.CONNECT, Map.of(), environment, usualFile()), out, err);
      }
      if (List.of(args).equals(List.of(HealthCommand.NAME))) {
        return HealthCommand.run(withoutFlags(environment), out, err);
      }
      return Commands.execute(args, new Shell(environment, out, err), wrong);
    } catch (OptionException e) {
      return wrong.applyAsInt(e);
    }
  }

  private static int wrong(
      OptionException e,
      String[] args,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    boolean run =
        args.length > 0
            && (args[0].equals(RunCommand.NAME) || args[0].equals(OptionSet.CONNECT.command()));
    LogFormat format =
        run ? LogFormatGuess.of(List.of(args), environment, usualFile()) : LogFormat.TEXT;
    new ProgramOutput(PROGRAM, format, out, err).failed(String.valueOf(e.getMessage()));
    return WRONG_OPTIONS;
  }

  private static OptionValues withoutFlags(Map<String, String> environment) throws OptionException {
    return OptionSources.read(Map.of(), environment, usualFile());
  }

  /** The option file that is read if it is there and nothing names another. */
  static Path usualFile() {
    return Path.of(Options.DEFAULTS_FILE.defaultText());
  }
}
