package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.text.Html;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars, one a way to the server, each with the interval of its median as a whisker and
 * its figure in words. They are a list of the page, so that names and figures keep their size on a
 * narrow screen and can be read aloud.
 */
final class BarChart {
  static final String CSS =
      """
      .bars { list-style: none; margin: .3rem 0 .8rem; padding: 0; font-size: .85rem; }
      .bars li { display: grid; grid-template-columns: 17rem 1fr 9.5rem; gap: 0 .6rem;
        align-items: center; margin: .25rem 0; break-inside: avoid; }
      .bars .name { text-align: right; } .bars .words { white-space: nowrap; }
      .track { position: relative; height: 1rem; }
      .track span { position: absolute; inset: 0 auto 0 0; border-radius: 2px; min-width: 2px;
        background: var(--part); }
      .track i { position: absolute; inset: .2rem auto .2rem 0; min-width: 1px; opacity: .6;
        border: solid var(--ink); border-width: 0 1px;
        background: linear-gradient(var(--ink), var(--ink)) center / 100% 1px no-repeat; }
      @media (max-width: 44rem) {
        .bars li { grid-template-columns: 1fr auto; margin: .5rem 0; }
        .bars .name { text-align: left; } .track { grid-row: 2; grid-column: 1 / 3; }
      }
      """;

  /**
   * One bar.
   *
   * @param style the class of the bar in the style sheet
   * @param words the figure, with its unit
   */
  record Bar(String name, Estimate value, String style, String words) {}

  private BarChart() {}

  /** The chart; {@code title} is read out before it. */
  static void print(String title, List<Bar> bars, PrintStream out) {
    double most = bars.stream().mapToDouble(bar -> bar.value().high()).max().orElse(1);
    out.println("<ul class=\"bars\" role=\"list\" aria-label=\"" + Html.escaped(title) + "\">");
    bars.forEach(bar -> print(bar, 100 / Math.max(most, 1e-9), out));
    out.println("</ul>");
  }

  private static void print(Bar bar, double percent, PrintStream out) {
    Estimate value = bar.value();
    out.println(
        String.format(
            Locale.ROOT,
            "<li><span class=\"name\">%s</span><span class=\"track\"><span class=\"%s\""
                + " style=\"width:%.2f%%\"></span><i style=\"left:%.2f%%;width:%.2f%%\"></i></span>"
                + "<span class=\"words\">%s</span></li>",
            Html.escaped(bar.name()),
            bar.style(),
            value.median() * percent,
            value.low() * percent,
            (value.high() - value.low()) * percent,
            Html.escaped(bar.words())));
  }
}
