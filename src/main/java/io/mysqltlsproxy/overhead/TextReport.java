package io.mysqltlsproxy.overhead;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/** The report for a terminal. */
public final class TextReport {
  private static final String LINE = "%-36s %10s %19s %9s %9s %9s %10s %10s%n";

  private TextReport() {}

  /** Prints the tables, and what they come to. */
  public static void print(Report report, PrintStream out) {
    report.machine().facts().forEach((name, fact) -> out.println(name + ": " + fact));
    for (Table table : report.tables()) {
      out.println();
      out.println(table.title());
      out.printf(
          LINE,
          "",
          rateUnit(table.workload()),
          "of direct",
          "p50",
          "p95",
          "p99",
          "proxy CPU",
          "load CPU");
      for (Row row : table.rows()) {
        row.figures()
            .ifPresentOrElse(
                figures -> print(table.workload(), row.way(), figures, out),
                () -> out.printf("%-36s %s%n", row.way(), row.failure().orElse("")));
      }
    }
    report.grids().forEach(grid -> print(grid, out));
    memory(report, out);
    out.println();
    report.findings().forEach(out::println);
    if (report.tables().stream()
        .flatMap(table -> table.rows().stream())
        .map(Row::figures)
        .flatMap(Optional::stream)
        .anyMatch(Figures::isNoise)) {
      out.println(
          "~ The rounds differ more among themselves than from the direct way: more rounds"
              + " (--rounds) or a longer time (--time) would tell, or a quieter machine.");
    }
  }

  private static void print(Workload workload, String way, Figures figures, PrintStream out) {
    out.printf(
        LINE,
        way,
        rate(workload, figures.perSecond().median()),
        figures.ratio().map(ratio -> percent(ratio, figures.isNoise())).orElse(""),
        micros(figures.p50().median()),
        micros(figures.p95().median()),
        micros(figures.p99().median()),
        figures.cpu().map(cpu -> cost(workload, cpu.median())).orElse(""),
        cost(workload, figures.loadCpu().median()));
  }

  private static void print(Grid grid, PrintStream out) {
    out.println();
    grid.printText(out);
  }

  private static void memory(Report report, PrintStream out) {
    if (report.memory().isEmpty()) {
      return;
    }
    out.println();
    out.println("memory resident, " + report.settings().idle() + " idle connections");
    for (IdleMemory memory : report.memory()) {
      out.printf("%-36s %s%n", memory.way(), memory(memory));
    }
  }

  /** {@code 36 kB each: 112 MB, with none 76 MB}, or why there is no such figure. */
  static String memory(IdleMemory memory) {
    return memory
        .bytesPerConnection()
        .map(
            each ->
                String.format(
                    Locale.ROOT,
                    "%.1f kB each: %.0f MB, with none %.0f MB",
                    each / 1e3,
                    memory.points().get(memory.points().size() - 1).residentBytes() / 1e6,
                    memory.points().get(0).residentBytes() / 1e6))
        .or(memory::failure)
        .orElse("");
  }

  static String rateUnit(Workload workload) {
    if (workload.bytes() > 0) {
      return "MB/s";
    }
    return workload.reconnects() ? "logins/s" : "queries/s";
  }

  static double rated(Workload workload, double perSecond) {
    return workload.bytes() > 0 ? perSecond * workload.bytes() / 1e6 : perSecond;
  }

  private static String rate(Workload workload, double perSecond) {
    return String.format(Locale.ROOT, "%,.0f", rated(workload, perSecond));
  }

  /** CPU time for one, or for a gigabyte: {@code 27 µs}, {@code 533 ms/GB}. */
  static String cost(Workload workload, double micros) {
    return time(workload, micros) + (workload.bytes() > 0 ? "/GB" : "");
  }

  /** The same, where it is said before of what: {@code 533 ms}. */
  static String time(Workload workload, double micros) {
    return workload.bytes() > 0
        ? String.format(Locale.ROOT, "%.0f ms", micros * 1e6 / workload.bytes())
        : micros(micros);
  }

  /** {@code 87 % (84–91)}. */
  static String percent(Estimate ratio, boolean noise) {
    return String.format(
        Locale.ROOT,
        "%s%.0f %% (%.0f–%.0f)",
        noise ? "~" : "",
        100 * ratio.median(),
        100 * ratio.low(),
        100 * ratio.high());
  }

  /** {@code 27 µs}, {@code 1.3 ms}. */
  static String micros(double micros) {
    if (Math.abs(micros) >= 10_000) {
      return String.format(Locale.ROOT, "%.0f ms", micros / 1000);
    }
    return Math.abs(micros) >= 1000
        ? String.format(Locale.ROOT, "%.1f ms", micros / 1000)
        : String.format(Locale.ROOT, "%.0f µs", micros);
  }
}
