package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.text.Html;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Figures in words, a line for each way to the server: for a terminal and for the page. */
record Grid(String title, List<String> columns, List<Line> lines) {

  /**
   * What a way gave.
   *
   * @param failure why there is nothing
   */
  record Line(String way, List<String> cells, Optional<String> failure) {}

  /** For a terminal. */
  void printText(PrintStream out) {
    out.println(title);
    out.println(text("", columns));
    for (Line line : lines) {
      out.println(
          line.failure()
              .map(why -> "%-36s %s".formatted(line.way(), why))
              .orElseGet(() -> text(line.way(), line.cells())));
    }
  }

  private static String text(String way, List<String> cells) {
    StringBuilder text = new StringBuilder("%-36s".formatted(way));
    cells.forEach(cell -> text.append(" %15s".formatted(cell)));
    return text.toString().stripTrailing();
  }

  /** A table for the page. */
  void printHtml(PrintStream out) {
    out.print(
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\"><table>\n<tr><td></td>"
            .formatted(Html.escaped(title)));
    columns.forEach(column -> out.print("<th scope=\"col\">" + Html.escaped(column) + "</th>"));
    out.println("</tr>");
    for (Line line : lines) {
      out.print("<tr><th scope=\"row\">" + Html.escaped(line.way()) + "</th>");
      if (line.failure().isPresent()) {
        out.print(
            "<td colspan=\"%d\">%s</td>"
                .formatted(columns.size(), Html.escaped(line.failure().get())));
      } else {
        line.cells().forEach(cell -> out.print("<td>" + Html.escaped(cell) + "</td>"));
      }
      out.println("</tr>");
    }
    out.println("</table></div>");
  }
}
