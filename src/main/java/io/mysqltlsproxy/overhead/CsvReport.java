package io.mysqltlsproxy.overhead;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/**
 * The report for a spreadsheet, <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>: a
 * line for each way, workload and number of clients, and for each way and number of idle
 * connections; times in microseconds.
 */
public final class CsvReport {
  private CsvReport() {}

  public static void print(Report report, PrintStream out) {
    out.print(
        "workload,clients,way,per_second,per_second_low,per_second_high,of_direct,of_direct_low,"
            + "of_direct_high,p50_us,p95_us,p99_us,proxy_cpu_us,proxy_cpu_us_low,"
            + "proxy_cpu_us_high,load_cpu_us,resident_bytes,failure\r\n");
    for (Table table : report.tables()) {
      for (Row row : table.rows()) {
        out.print(
            String.join(
                ",",
                table.workload().name(),
                String.valueOf(table.clients()),
                quoted(row.way()),
                row.figures().map(CsvReport::figures).orElse(",,,,,,,,,,,,"),
                "",
                quoted(row.failure().orElse(""))));
        out.print("\r\n");
      }
    }
    report.memory().forEach(memory -> print(memory, out));
  }

  private static void print(IdleMemory memory, PrintStream out) {
    for (IdleMemory.Point point : memory.points()) {
      out.print(
          String.join(
              ",",
              Workload.idle().name(),
              String.valueOf(point.connections()),
              quoted(memory.way()),
              ",,,,,,,,,,,,",
              String.valueOf(point.residentBytes()),
              quoted(memory.failure().orElse(""))));
      out.print("\r\n");
    }
  }

  private static String figures(Figures figures) {
    return String.join(
        ",",
        estimate(Optional.of(figures.perSecond())),
        estimate(figures.ratio()),
        number(figures.p50().median()),
        number(figures.p95().median()),
        number(figures.p99().median()),
        estimate(figures.cpu()),
        number(figures.loadCpu().median()));
  }

  private static String estimate(Optional<Estimate> estimate) {
    return estimate
        .map(each -> number(each.median()) + "," + number(each.low()) + "," + number(each.high()))
        .orElse(",,");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String quoted(String text) {
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
