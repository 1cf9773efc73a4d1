package io.mysqltlsproxy;

import io.mysqltlsproxy.Command.Shell;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.overhead.CsvReport;
import io.mysqltlsproxy.overhead.HtmlReport;
import io.mysqltlsproxy.overhead.JsonReport;
import io.mysqltlsproxy.overhead.Overhead;
import io.mysqltlsproxy.overhead.Progress;
import io.mysqltlsproxy.overhead.Report;
import io.mysqltlsproxy.overhead.ScalingCharts;
import io.mysqltlsproxy.overhead.Scope;
import io.mysqltlsproxy.overhead.Settings;
import io.mysqltlsproxy.overhead.TextReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/** {@code overhead}: what encryption costs on this machine with this server. */
final class OverheadCommand {
  private static final int DONE = 0;
  private static final int NOT_DONE = 1;

  private final ParseResult parsed;
  private final String prefix;

  private OverheadCommand(ParseResult parsed, String prefix) {
    this.parsed = parsed;
    this.prefix = prefix;
  }

  /**
   * Measures and reports.
   *
   * @return the exit status: 1 where something could not be measured
   */
  static int run(ParseResult parsed, Shell shell) throws OptionException {
    PrintStream out = shell.out();
    PrintStream err = shell.err();
    OverheadFlags flags = new OverheadFlags(parsed);
    Settings settings = flags.settings(shell.environment());
    OverheadCommand command = new OverheadCommand(parsed, flags.output());
    Path directory = null;
    try {
      directory = Files.createTempDirectory("mysql-tls-proxy-overhead-");
      Progress progress = new Progress(err, Ansi.AUTO.enabled());
      Report report = new Overhead(settings, progress).measure(directory, Main.class.getName());
      TextReport.print(report, out);
      command.write(report, out);
      return report.hasFailures() ? NOT_DONE : DONE;
    } catch (IOException e) {
      err.println(Main.PROGRAM + ": overhead: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      delete(directory, err);
    }
    return NOT_DONE;
  }

  private void write(Report report, PrintStream out) throws IOException {
    String commandLine =
        "mysql-tls-proxy overhead " + String.join(" ", parsed.originalArgs()).strip();
    write(prefix + ".csv", report, CsvReport::print);
    write(prefix + ".json", report, JsonReport::print);
    write(prefix + ".html", report, (each, file) -> HtmlReport.print(each, commandLine, file));
    List<String> written =
        new ArrayList<>(List.of(prefix + ".html", prefix + ".csv", prefix + ".json"));
    if (report.settings().scope() == Scope.SCALING) {
      written.addAll(ScalingCharts.write(report, prefix));
    }
    out.println("written: " + String.join(", ", written));
  }

  private static void write(String name, Report report, BiConsumer<Report, PrintStream> print)
      throws IOException {
    try (PrintStream file = new PrintStream(name, StandardCharsets.UTF_8)) {
      print.accept(report, file);
      if (file.checkError()) {
        throw new IOException(name + ": cannot be written completely");
      }
    }
  }

  private static void delete(@Nullable Path directory, PrintStream err) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      err.println(Main.PROGRAM + ": overhead: " + directory + " could not be deleted: " + e);
    }
  }
}
