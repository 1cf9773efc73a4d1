package io.mysqltlsproxy.overhead;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The report for a spreadsheet, <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>: a
 * line for each way, workload and number of clients; for each way and number of idle connections;
 * for the queries beside the logins of others, for those logins, and for the same queries alone;
 * and for the first logins of a process. Times in microseconds.
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
        print(
            table.workload().name(),
            table.clients(),
            row.way(),
            row.figures().map(CsvReport::figures).orElse(",,,,,,,,,,,,"),
            row.failure().orElse(""),
            out);
      }
    }
    report.memory().forEach(memory -> print(memory, out));
    report.storms().forEach(storm -> print(storm, out));
    report.firstLogins().forEach(first -> print(first, out));
  }

  private static void print(LoginStorm storm, PrintStream out) {
    String failure = storm.failure().orElse("");
    print(
        "queries alone",
        StormLoad.QUERYING,
        storm.way(),
        queries(storm, LoginStorm.Round::alone),
        failure,
        out);
    print(
        "queries beside logins",
        StormLoad.QUERYING,
        storm.way(),
        queries(storm, LoginStorm.Round::beside),
        failure,
        out);
    print(
        "logins beside queries",
        StormLoad.LOGGING_IN,
        storm.way(),
        estimate(storm.estimate(LoginStorm.Round::logins)) + ",,,,,,,,,,",
        failure,
        out);
  }

  private static String queries(LoginStorm storm, Function<LoginStorm.Round, Sample> of) {
    return String.join(
        ",",
        estimate(storm.estimate(round -> of.apply(round).perSecond())),
        ",,",
        median(storm.estimate(round -> of.apply(round).p50())),
        median(storm.estimate(round -> of.apply(round).p95())),
        median(storm.estimate(round -> of.apply(round).p99())),
        ",,,");
  }

  private static String median(Optional<Estimate> estimate) {
    return estimate.map(each -> number(each.median())).orElse("");
  }

  private static void print(FirstLogins first, PrintStream out) {
    String failure = first.failure().orElse("");
    List<Integer> counts = first.counts();
    for (int step = 0; step < counts.size(); step++) {
      print(
          "first %d logins".formatted(counts.get(step)),
          FirstLoginsLoad.CLIENTS,
          first.way(),
          ",,,,,,,,," + estimate(Optional.of(first.cpu(step))) + ",",
          failure,
          out);
    }
    print(
        "logins at rest",
        FirstLoginsLoad.CLIENTS,
        first.way(),
        ",,,,,,,,,"
            + estimate(first.rounds().isEmpty() ? Optional.empty() : Optional.of(first.atRest()))
            + ",",
        failure,
        out);
  }

  /** A line; the figures are thirteen fields, from per_second to load_cpu_us. */
  private static void print(
      String workload, int clients, String way, String figures, String failure, PrintStream out) {
    out.print(
        String.join(
            ",", workload, String.valueOf(clients), quoted(way), figures, "", quoted(failure)));
    out.print("\r\n");
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
