package io.mysqltlsproxy.overhead;

/** How the ways to the server look in every chart. */
final class ChartStyle {
  /** In a page or a picture of its own, light or dark as its reader likes it. */
  static final String CSS =
      """
      :root { color-scheme: light dark; --ink: #1d2733; --faint: #6b7785; --paper: #fff;
        --direct: #8a96a3; --plain: #4f9d8f; --tls: #2f6fb3; --other0: #b3803a; --other1: #a5527a;
        --other2: #6d5fb0; --line: #dfe4ea; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --faint: #97a3b0;
        --paper: #12171d; --line: #2c3641; } }
      svg { font-family: system-ui, sans-serif; font-size: 12px; }
      svg text { fill: var(--ink); } svg .name, svg .scale { text-anchor: end; }
      svg .scale, svg .at { fill: var(--faint); } svg .at { text-anchor: middle; }
      svg .title { font-weight: 600; font-size: 13px; } svg .note { fill: var(--faint); }
      svg .paper { fill: var(--paper); } .grid { stroke: var(--line); }
      .whisker { stroke: var(--ink); fill: none; opacity: .6; }
      .direct { fill: var(--direct); stroke: var(--direct); }
      .plain { fill: var(--plain); stroke: var(--plain); }
      .tls { fill: var(--tls); stroke: var(--tls); }
      .other0 { fill: var(--other0); stroke: var(--other0); }
      .other1 { fill: var(--other1); stroke: var(--other1); }
      .other2 { fill: var(--other2); stroke: var(--other2); }
      .way { fill: none; stroke-width: 2; } .interval { opacity: .5; }
      """;

  private static final int OTHERS = 3;

  private ChartStyle() {}

  /**
   * The class of a way in the style sheet.
   *
   * @param index of the way among all, the direct one first
   */
  static String of(String way, int index) {
    if (way.equals(Ways.DIRECT)) {
      return "direct";
    }
    if (way.equals(Ways.PROXY_PLAIN)) {
      return "plain";
    }
    return way.startsWith("proxy, ") ? "tls" : "other" + index % OTHERS;
  }
}
