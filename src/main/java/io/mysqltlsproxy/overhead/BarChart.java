package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.text.Html;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars as SVG, one a way to the server, each with the interval of its median as a
 * whisker and its figure in words.
 */
final class BarChart {
  private static final int NAMES = 260;
  private static final int BARS = 380;
  private static final int WORDS = 160;
  private static final int LINE = 26;
  private static final int BAR = 16;

  /**
   * One bar.
   *
   * @param style the class of the bar in the style sheet
   * @param words the figure, with its unit
   */
  record Bar(String name, Estimate value, String style, String words) {}

  private BarChart() {}

  /** The picture; {@code title} is read out where it cannot be seen. */
  static String svg(String title, List<Bar> bars) {
    double most = bars.stream().mapToDouble(bar -> bar.value().high()).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"%s\">\n"
            .formatted(NAMES + BARS + WORDS, bars.size() * LINE, Html.escaped(title)));
    for (int i = 0; i < bars.size(); i++) {
      append(svg, bars.get(i), i * LINE, BARS / Math.max(most, 1e-9));
    }
    return svg.append("</svg>\n").toString();
  }

  private static void append(StringBuilder svg, Bar bar, int top, double scale) {
    int middle = top + LINE / 2;
    double end = NAMES + bar.value().median() * scale;
    double low = NAMES + bar.value().low() * scale;
    double high = NAMES + bar.value().high() * scale;
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <text class="name" x="%d" y="%d">%s</text>
            <rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>
            <path class="whisker" d="M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8"/>
            <text class="words" x="%.1f" y="%d">%s</text>
            """,
            NAMES - 8,
            middle + 4,
            Html.escaped(bar.name()),
            bar.style(),
            NAMES,
            top + (LINE - BAR) / 2,
            end - NAMES,
            BAR,
            low,
            middle,
            high,
            low,
            middle - 4,
            high,
            middle - 4,
            high + 6,
            middle + 4,
            Html.escaped(bar.words())));
  }
}
