package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.overhead.LineChart.Line;
import io.mysqltlsproxy.overhead.LineChart.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Charts of what more clients do: to the rate, to the CPU time, to the memory. */
public final class ScalingCharts {
  private final Report report;
  private final ChartStyle styles;

  private final BiFunction<LineChart, List<Line>, String> drawing;

  private ScalingCharts(Report report, BiFunction<LineChart, List<Line>, String> drawing) {
    this.report = report;
    this.drawing = drawing;
    this.styles = ChartStyle.of(report);
  }

  /** Writes each as {@code PREFIX-NAME.svg}, and returns the names of the files. */
  public static List<String> write(Report report, String prefix) throws IOException {
    List<String> written = new ArrayList<>();
    for (Map.Entry<String, String> chart :
        new ScalingCharts(report, LineChart::svg).all().entrySet()) {
      String name = prefix + "-" + chart.getKey() + ".svg";
      Files.writeString(Path.of(name), withStyle(chart.getValue()));
      written.add(name);
    }
    return written;
  }

  /** For a page, by name and without a style sheet; none where there is nothing to compare. */
  static Map<String, String> html(Report report) {
    return new ScalingCharts(report, LineChart::html).all();
  }

  private static String withStyle(String svg) {
    int inside = svg.indexOf('\n') + 1;
    return svg.substring(0, inside)
        + "<style>\n"
        + ChartStyle.CSS
        + "</style>\n"
        + svg.substring(inside);
  }

  private Map<String, String> all() {
    Map<String, String> charts = new LinkedHashMap<>();
    Map<String, List<Table>> byWorkload = new LinkedHashMap<>();
    for (Table table : report.tables()) {
      byWorkload.computeIfAbsent(table.workload().name(), name -> new ArrayList<>()).add(table);
    }
    byWorkload.forEach(
        (name, tables) -> {
          if (tables.size() > 1) {
            Workload workload = tables.get(0).workload();
            String file = name.replace(' ', '-');
            charts.put(file + "-rate", rate(workload, tables));
            charts.put(file + "-cpu", cpu(workload, tables));
          }
        });
    if (!report.memory().isEmpty()) {
      charts.put("idle-memory", memory());
    }
    return charts;
  }

  private String rate(Workload workload, List<Table> tables) {
    String unit = TextReport.rateUnit(workload);
    return drawing.apply(
        clients(workload.name() + ": " + unit + ", more is better"),
        lines(
            tables,
            figures -> Optional.of(figures.perSecond().times(TextReport.rated(workload, 1)))));
  }

  private String cpu(Workload workload, List<Table> tables) {
    String unit = workload.bytes() > 0 ? "ms a gigabyte" : "µs a " + workload.unit();
    double factor = workload.bytes() > 0 ? 1e6 / workload.bytes() : 1;
    return drawing.apply(
        clients(workload.name() + ": CPU time of the proxy, " + unit + ", less is better"),
        lines(tables, figures -> figures.cpu().map(cpu -> cpu.times(factor))));
  }

  private LineChart clients(String title) {
    return new LineChart(
        title,
        "clients",
        "Load, server and proxy share %s processors. Median and interval of %d rounds of %.1f s."
            .formatted(
                report.machine().facts().get("processors"),
                report.settings().rounds(),
                report.settings().time().toMillis() / 1000.0),
        true);
  }

  private List<Line> lines(List<Table> tables, Function<Figures, Optional<Estimate>> figure) {
    List<Line> lines = new ArrayList<>();
    for (Row row : tables.get(0).rows()) {
      String way = row.way();
      List<Point> points = new ArrayList<>();
      for (Table table : tables) {
        table
            .figures(way)
            .flatMap(figure)
            .ifPresent(estimate -> points.add(new Point(table.clients(), estimate)));
      }
      if (!points.isEmpty()) {
        lines.add(new Line(way, styles.classOf(way), points));
      }
    }
    return lines;
  }

  private String memory() {
    List<Line> lines = new ArrayList<>();
    for (IdleMemory each : report.memory()) {
      List<Point> points =
          each.points().stream()
              .map(point -> new Point(point.connections(), megabytes(point.residentBytes())))
              .toList();
      lines.add(new Line(each.way(), styles.classOf(each.way()), points));
    }
    LineChart chart =
        new LineChart(
            "memory resident, MB, less is better",
            "connections",
            "Logged in and idle. What the system's kernel holds for the sockets is not in it.",
            false);
    return drawing.apply(chart, lines);
  }

  private static Estimate megabytes(long bytes) {
    double megabytes = bytes / 1e6;
    return new Estimate(megabytes, megabytes, megabytes);
  }
}
