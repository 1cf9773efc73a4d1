package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.overhead.BarChart.Bar;
import io.mysqltlsproxy.text.Html;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as one page that needs nothing else: findings, charts, and every figure. */
public final class HtmlReport {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>What encryption costs</title>
      <style>
      """
          + ChartStyle.CSS
          + """
          body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
            max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
          h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
          h2::first-letter { text-transform: uppercase; }
          h3 { font-size: .9rem; color: var(--faint); margin: 1rem 0 .25rem; font-weight: 600; }
          svg { width: 100%; height: auto; }
          table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
          th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--line); }
          td:not([colspan]) { white-space: nowrap; } th { font-weight: 600; }
          th[scope=row] { text-align: left; padding-left: 0; font-weight: 400; }
          td:last-child, th:last-child { padding-right: 0; }
          summary { color: var(--faint); cursor: pointer; } dt { color: var(--faint); }
          dl { display: grid; grid-template-columns: max-content auto; gap: .1rem 1rem; }
          dd { margin: 0; overflow-wrap: anywhere; } .wide { overflow-x: auto; }
          """
          + BarChart.CSS
          + Overview.CSS
          + Calculator.CSS
          + LineChart.CSS
          + """
          @media print {
            :root { color-scheme: light; } body { max-width: none; margin: 0; padding: 0; }
            * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
            details::details-content { display: block; content-visibility: visible; height: auto; }
            summary { display: none; } .wide { overflow: visible; }
            h2, h3 { break-after: avoid; } figure, svg, table, .whatif { break-inside: avoid; }
          }
          </style>
          </head>
          <body>
          <main>
          <h1>What encryption costs</h1>
          """;

  private HtmlReport() {}

  /**
   * Prints the page.
   *
   * @param commandLine what was called, to be shown; without secrets
   */
  public static void print(Report report, String commandLine, PrintStream out) {
    out.print(HEAD);
    Overview.print(report, out);
    Calculator.print(report, out);
    print(report.details(), out);
    ChartStyle styles = ChartStyle.of(report);
    chart(
        LoginStorm.TITLE,
        "99 % of the queries take up to this, less is better",
        LoginStorm.bars(report.storms(), styles),
        LoginStorm.grid(report.storms()),
        out);
    chart(
        FirstLogins.TITLE,
        "CPU time of the proxy for each login, less is better",
        FirstLogins.bars(report.firstLogins(), styles),
        FirstLogins.grid(report.firstLogins()),
        out);
    Map<String, String> charts = ScalingCharts.html(report);
    if (!charts.isEmpty()) {
      out.println("<h2>With more clients</h2>");
      charts.values().forEach(out::print);
    }
    memory(report, out);
    report.tables().forEach(table -> print(table, styles, out));
    out.println("<h2>How it was measured</h2>\n<dl>");
    report.machine().facts().forEach((name, fact) -> print(name, fact, out));
    print("command", commandLine, out);
    print("rounds", String.valueOf(report.settings().rounds()), out);
    print("time of a run", report.settings().time().toMillis() / 1000.0 + " s", out);
    out.println(
        """
        </dl>
        <p>Bars are medians over the rounds; whiskers hold the true median with 95 % confidence, or
        span all rounds where there are fewer than six. Each round measures everything once, in an
        order of its own. &ldquo;of direct&rdquo; compares a way with the direct one of the same
        round. CPU time is that of the proxy's process, or of the one that makes the load, user and
        system. Logins at rest are those of a proxy that has been warmed up and has had all other
        loads before.</p>
        </main>
        </body>
        </html>\
        """);
  }

  private static void print(List<String> sentences, PrintStream out) {
    if (!sentences.isEmpty()) {
      out.println("<h2>Rates, waits and processor time</h2>\n<ul>");
      sentences.forEach(each -> out.println("<li>" + Html.escaped(each) + "</li>"));
      out.println("</ul>");
    }
  }

  private static void print(String name, String fact, PrintStream out) {
    out.println("<dt>" + Html.escaped(name) + "</dt><dd>" + Html.escaped(fact) + "</dd>");
  }

  private static void print(Table table, ChartStyle styles, PrintStream out) {
    Workload workload = table.workload();
    List<Bar> rates = new ArrayList<>();
    List<Bar> cpu = new ArrayList<>();
    for (Row row : table.rows()) {
      String style = styles.classOf(row.way());
      row.figures()
          .ifPresent(
              figures -> {
                rates.add(rate(workload, row.way(), style, figures));
                figures
                    .cpu()
                    .ifPresent(
                        each ->
                            cpu.add(
                                new Bar(
                                    row.way(),
                                    each,
                                    style,
                                    TextReport.cost(workload, each.median()))));
              });
    }
    out.println("<h2>" + Html.escaped(table.title()) + "</h2>");
    out.println("<h3>" + TextReport.rateUnit(workload) + ", more is better</h3>");
    BarChart.print(table.title() + ", " + TextReport.rateUnit(workload), rates, out);
    if (!cpu.isEmpty()) {
      String title =
          "CPU time of the proxy for "
              + (workload.bytes() > 0 ? "a gigabyte" : "a " + workload.unit())
              + ", less is better";
      out.println("<h3>" + title + "</h3>");
      BarChart.print(table.title() + ", " + title, cpu, out);
    }
    out.println("<details><summary>every figure</summary>");
    figures(table).printHtml(out);
    out.println("</details>");
  }

  private static Bar rate(Workload workload, String way, String style, Figures figures) {
    Estimate rate = figures.perSecond().times(TextReport.rated(workload, 1));
    String words =
        String.format(Locale.ROOT, "%,.0f", rate.median())
            + figures
                .ratio()
                .map(ratio -> String.format(Locale.ROOT, "  (%.0f %%)", 100 * ratio.median()))
                .orElse("");
    return new Bar(way, rate, style, words);
  }

  private static void memory(Report report, PrintStream out) {
    if (report.memory().isEmpty()) {
      return;
    }
    out.println("<h2>Idle connections</h2>");
    new Grid(
            "idle connections",
            List.of("memory resident with " + report.settings().idle()),
            report.memory().stream()
                .map(
                    memory ->
                        new Grid.Line(
                            memory.way(), List.of(TextReport.memory(memory)), memory.failure()))
                .toList())
        .printHtml(out);
  }

  /** A chart above its figures; nothing where it was not measured. */
  private static void chart(
      String title, String measure, List<Bar> bars, Grid grid, PrintStream out) {
    if (!grid.lines().isEmpty()) {
      out.println("<h2>" + Html.escaped(title) + "</h2>\n<h3>" + Html.escaped(measure) + "</h3>");
      BarChart.print(measure, bars, out);
      grid.printHtml(out);
    }
  }

  private static Grid figures(Table table) {
    List<Grid.Line> lines =
        table.rows().stream()
            .map(
                row ->
                    new Grid.Line(
                        row.way(),
                        row.figures().map(each -> cells(table.workload(), each)).orElse(List.of()),
                        row.failure()))
            .toList();
    return new Grid(
        table.title(),
        List.of(
            TextReport.rateUnit(table.workload()),
            "of direct",
            "p50",
            "p95",
            "p99",
            "proxy CPU",
            "load CPU"),
        lines);
  }

  private static List<String> cells(Workload workload, Figures figures) {
    return List.of(
        String.format(
            Locale.ROOT, "%,.0f", TextReport.rated(workload, figures.perSecond().median())),
        figures.ratio().map(each -> TextReport.percent(each, figures.isNoise())).orElse(""),
        TextReport.micros(figures.p50().median()),
        TextReport.micros(figures.p95().median()),
        TextReport.micros(figures.p99().median()),
        figures.cpu().map(each -> TextReport.cost(workload, each.median())).orElse(""),
        TextReport.cost(workload, figures.loadCpu().median()));
  }
}
