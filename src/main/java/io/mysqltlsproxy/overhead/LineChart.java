package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.text.Html;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Lines as SVG, one a way to the server, each with its name beside its end. */
final class LineChart {
  /** On a narrow screen only the plot remains of the picture, and the words are the page's. */
  static final String CSS =
      """
      .chart .small { display: none; margin: .2rem 0; }
      @media (max-width: 44rem) {
        .chart { overflow: hidden; } .chart svg { width: var(--crop); max-width: none; }
        .chart .small { display: block; } .chart .parts.small { display: flex; }
        .chart svg .title, .chart svg .note, .chart svg .key { display: none; }
        .chart svg .scale, .chart svg .at { font-size: 22px; }
        .chart svg .at { transform: translateY(6px); }
        .chart svg .across { transform: translateY(18px); }
      }
      """;

  private static final int WIDTH = 800;
  private static final int HEIGHT = 356;
  private static final int LEFT = 104;
  private static final int RIGHT = 620;
  private static final int TOP = 48;

  /** How far the first and the last points are from the edges, so that none is on the axis. */
  private static final int INSET = 24;

  private static final int BOTTOM = 290;
  private static final int NAME_HEIGHT = 15;
  private static final int MAX_TICKS = 6;

  /** Where the names begin beyond the lines' ends, and what a letter of them takes at most. */
  private static final int NAMES = RIGHT + 26;

  private static final int LETTER = 7;

  /** A value, and how surely it is known. */
  record Point(int x, Estimate y) {}

  /**
   * What one way gave.
   *
   * @param style the class of the line in the style sheet
   */
  record Line(String name, String style, List<Point> points) {}

  private final String title;
  private final String across;
  private final String note;
  private final boolean isLogarithmic;

  /**
   * A chart.
   *
   * @param title what the height says, with its unit
   * @param across what the points lie beside each other by
   * @param note what a reader has to know besides
   * @param isLogarithmic whether each doubling of what is across is as wide as the next
   */
  LineChart(String title, String across, String note, boolean isLogarithmic) {
    this.title = title;
    this.across = across;
    this.note = note;
    this.isLogarithmic = isLogarithmic;
  }

  /** The picture in a page, which has its words on a narrow screen. */
  String html(List<Line> lines) {
    StringBuilder html = new StringBuilder();
    append(
        html,
        "<div class=\"chart\" style=\"--crop:%.1f%%\">\n<h3 class=\"small\">%s</h3>\n",
        100.0 * width(lines) / (RIGHT + 12),
        Html.escaped(title));
    html.append(svg(lines)).append("<ul class=\"parts small\" role=\"list\">\n");
    for (Line line : lines) {
      append(html, "<li class=\"%s\">%s</li>\n", line.style(), Html.escaped(line.name()));
    }
    append(html, "</ul>\n<p class=\"small besides\">%s</p>\n</div>\n", Html.escaped(note));
    return html.toString();
  }

  private static int width(List<Line> lines) {
    int maxLength = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
    return Math.max(WIDTH, NAMES + maxLength * LETTER);
  }

  /** The picture by itself. */
  String svg(List<Line> lines) {
    List<Integer> columns =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .map(Point::x)
            .distinct()
            .sorted()
            .toList();
    double most =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(point -> point.y().high())
            .max()
            .orElse(1);
    double step = step(most);
    double top = Math.max(1, Math.ceil(most / step)) * step;
    int width = width(lines);
    StringBuilder svg = new StringBuilder();
    append(
        svg,
        """
        <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 %d %d" aria-label="%s">
        <rect class="paper" width="%d" height="%d"/>
        <text class="title" x="8" y="20">%s</text>
        <text class="note" x="8" y="%d">%s</text>
        """,
        width,
        HEIGHT,
        Html.escaped(title),
        width,
        HEIGHT,
        Html.escaped(title),
        HEIGHT - 8,
        Html.escaped(note));
    for (int tick = 0; tick * step <= top * 1.001; tick++) {
      double y = height(tick * step, top);
      append(svg, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", LEFT, y, RIGHT);
      append(
          svg,
          "<text class=\"scale\" x=\"%d\" y=\"%.1f\">%s</text>\n",
          LEFT - 8,
          y + 4,
          number(tick * step, step));
    }
    for (int column : columns) {
      append(
          svg,
          "<text class=\"at\" x=\"%.1f\" y=\"%d\">%,d</text>\n",
          place(column, columns),
          BOTTOM + 18,
          column);
    }
    append(
        svg,
        "<text class=\"at across\" x=\"%d\" y=\"%d\">%s</text>\n",
        (LEFT + RIGHT) / 2,
        BOTTOM + 32,
        Html.escaped(across));
    lines.forEach(line -> append(svg, line, columns, top));
    names(svg, lines, top);
    return svg.append("</svg>\n").toString();
  }

  private void append(StringBuilder svg, Line line, List<Integer> columns, double top) {
    StringBuilder way = new StringBuilder();
    for (Point point : line.points()) {
      double x = place(point.x(), columns);
      double y = height(point.y().median(), top);
      append(way, way.isEmpty() ? "M%.1f %.1f" : "L%.1f %.1f", x, y);
      append(svg, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n", line.style(), x, y);
      append(
          svg,
          "<path class=\"interval %s\" d=\"M%.1f %.1fV%.1f\"/>\n",
          line.style(),
          x,
          height(point.y().low(), top),
          height(point.y().high(), top));
    }
    append(svg, "<path class=\"%s way\" d=\"%s\"/>\n", line.style(), way);
  }

  /** Right of the plot, beside the ends of the lines, and apart where those lie together. */
  private static void names(StringBuilder svg, List<Line> lines, double top) {
    List<Line> downwards =
        lines.stream()
            .filter(line -> !line.points().isEmpty())
            .sorted(Comparator.comparingDouble((Line line) -> -last(line).y().median()))
            .toList();
    double free = TOP;
    for (int i = 0; i < downwards.size(); i++) {
      Line line = downwards.get(i);
      double below = (downwards.size() - 1 - i) * NAME_HEIGHT;
      double y = Math.max(free, Math.min(height(last(line).y().median(), top), BOTTOM - below));
      append(
          svg,
          "<path class=\"%s way key\" d=\"M%d %.1fh10\"/><text class=\"key\" x=\"%d\""
              + " y=\"%.1f\">%s</text>\n",
          line.style(),
          RIGHT + 10,
          y,
          NAMES,
          y + 4,
          Html.escaped(line.name()));
      free = y + NAME_HEIGHT;
    }
  }

  private static Point last(Line line) {
    return line.points().get(line.points().size() - 1);
  }

  private double place(int x, List<Integer> columns) {
    double from = scaled(columns.get(0));
    double to = scaled(columns.get(columns.size() - 1));
    double width = RIGHT - LEFT - 2 * INSET;
    return LEFT + INSET + (to == from ? 0 : (scaled(x) - from) / (to - from) * width);
  }

  private double scaled(int x) {
    return isLogarithmic ? Math.log(x) : x;
  }

  private static double height(double value, double top) {
    return BOTTOM - value / top * (BOTTOM - TOP);
  }

  /** From one line of the grid to the next: 1, 2 or 5 times a power of ten. */
  private static double step(double most) {
    double least = Math.max(most, 1e-9) / MAX_TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= least) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String number(double value, double step) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step)));
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static void append(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
