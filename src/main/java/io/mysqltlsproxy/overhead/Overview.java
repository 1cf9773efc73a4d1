package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.text.Html;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The first screen of the page: the answer in a sentence, and in a picture. */
final class Overview {
  static final String CSS =
      """
      .answer { font-size: 1.35rem; line-height: 1.35; font-weight: 600; margin: .5rem 0; }
      .besides { color: var(--faint); margin: 0 0 1.5rem; }
      figure { margin: 1.2rem 0; } figcaption { margin-bottom: .3rem; }
      .stack { display: flex; height: 2rem; border-radius: 4px; overflow: hidden; gap: 1px; }
      .stack span { min-width: 3px; }
      .parts { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: .3rem 0 0; padding: 0;
        list-style: none; font-size: .9rem; }
      .parts li::before { content: ""; display: inline-block; width: .7rem; height: .7rem;
        border-radius: 2px; margin-right: .4rem; background: var(--part); }
      .server { --part: var(--direct); } .hop { --part: var(--plain); }
      .encryption { --part: var(--tls0); } .stack span { background: var(--part); }
      .stack .unsure { background: repeating-linear-gradient(135deg,
        var(--part) 0 4px, transparent 4px 8px); }
      """;

  private Overview() {}

  /** Nothing where nothing of it was measured. */
  static void print(Report report, PrintStream out) {
    List<String> sentences = Summary.sentences(report);
    if (sentences.isEmpty()) {
      return;
    }
    out.println("<p class=\"answer\">" + Html.escaped(unbroken(sentences.get(0))) + "</p>");
    out.println("<p class=\"besides\">" + Html.escaped(unbroken(sentences.get(1))) + "</p>");
    Summary.costs(report).forEach(cost -> print(cost, out));
  }

  private static void print(Cost cost, PrintStream out) {
    out.println(
        "<figure>\n<figcaption>A %s: <b>%s</b> instead of %s</figcaption>"
            .formatted(cost.unit(), cost.totalText(), TextReport.micros(cost.direct())));
    out.println(
        "<div class=\"stack\" role=\"img\" aria-label=\"server %s, hop %s, encryption %s\">"
            .formatted(
                TextReport.micros(cost.direct()), cost.hop().text(), cost.encryption().text()));
    bar("server", cost.direct(), cost, out);
    bar("hop", cost.hop(), cost, out);
    bar("encryption", cost.encryption(), cost, out);
    out.println("</div>\n<ul class=\"parts\">");
    part("server", "the server itself", TextReport.micros(cost.direct()), out);
    part("hop", "the hop through the proxy", cost.hop().text(), out);
    part("encryption", "encryption", cost.encryption().text(), out);
    out.println("</ul>\n</figure>");
  }

  /** Hatched where it can only be said how much it is at most. */
  private static void bar(String part, Difference difference, Cost cost, PrintStream out) {
    bar(part + (difference.told() ? "" : " unsure"), difference.atMost(), cost, out);
  }

  private static void bar(String part, double micros, Cost cost, PrintStream out) {
    if (micros > 0) {
      out.println(
          String.format(
              Locale.ROOT,
              "<span class=\"%s\" style=\"width:%.2f%%\"></span>",
              part,
              100 * micros / cost.atMost()));
    }
  }

  /** Numbers stay on the line of their units. */
  private static String unbroken(String sentence) {
    return sentence.replaceAll("(?<=\\d) (?=µs|ms|%)", "\u00a0");
  }

  private static void part(String part, String name, String time, PrintStream out) {
    out.println("<li class=\"%s\">%s: %s</li>".formatted(part, name, Html.escaped(time)));
  }
}
