package io.mysqltlsproxy.overhead;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** How the ways to the server look in every chart. */
final class ChartStyle {
  /** As many kinds of TLS as are compared. */
  private static final int TLS = 8;

  private static final int OTHERS = 3;

  /** In a page or a picture of its own, light or dark as its reader likes it. */
  static final String CSS =
      """
      :root { color-scheme: light dark; --ink: #1d2733; --faint: #6b7785; --paper: #fff;
        --direct: #8a96a3; --plain: #4f9d8f; --tls0: #2f6fb3; --tls1: #d1495b; --tls2: #e0a526;
        --tls3: #6a9e2f; --tls4: #45b0d9; --tls5: #e07b3a; --tls6: #c77dd6; --tls7: #8d9440;
        --other0: #b3803a; --other1: #a5527a; --other2: #6d5fb0; --line: #dfe4ea; }
      @media screen and (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --faint: #97a3b0;
        --paper: #12171d; --line: #2c3641; } }
      svg { font-family: system-ui, sans-serif; font-size: 12px; }
      svg text { fill: var(--ink); } svg .name, svg .scale { text-anchor: end; }
      svg .scale, svg .at { fill: var(--faint); } svg .at { text-anchor: middle; }
      svg .title { font-weight: 600; font-size: 13px; } svg .note { fill: var(--faint); }
      svg .paper { fill: var(--paper); } .grid { stroke: var(--line); }
      .direct { --part: var(--direct); } .plain { --part: var(--plain); }
      """
          + classes("tls", ChartStyle.TLS)
          + classes("other", ChartStyle.OTHERS)
          + """
          svg circle { fill: var(--part); } svg .way { fill: none; stroke-width: 2; }
          svg .way, svg .interval { stroke: var(--part); } svg .interval { opacity: .5; }
          """;

  private final Map<String, String> classes = new HashMap<>();

  /**
   * One class for each way.
   *
   * @param ways all of a report, each in its place
   */
  ChartStyle(Iterable<String> ways) {
    int tls = 0;
    int others = 0;
    for (String way : ways) {
      if (classes.containsKey(way)) {
        continue;
      }
      if (way.equals(Ways.DIRECT)) {
        classes.put(way, "direct");
      } else if (way.equals(Ways.PROXY_PLAIN)) {
        classes.put(way, "plain");
      } else if (way.startsWith("proxy, ")) {
        classes.put(way, "tls" + tls++ % TLS);
      } else {
        classes.put(way, "other" + others++ % OTHERS);
      }
    }
  }

  /** For the ways of a report. */
  static ChartStyle of(Report report) {
    Stream<String> measured =
        report.tables().stream().flatMap(table -> table.rows().stream()).map(Row::way);
    Stream<String> atRest = report.memory().stream().map(IdleMemory::way);
    return new ChartStyle(Stream.concat(measured, atRest).toList());
  }

  /** The class of a way in the style sheet. */
  String classOf(String way) {
    return classes.getOrDefault(way, "direct");
  }

  private static String classes(String name, int count) {
    StringBuilder css = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String each = name + i;
      css.append(".%s { --part: var(--%s); }\n".formatted(each, each));
    }
    return css.toString();
  }
}
