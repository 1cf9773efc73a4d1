package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.text.Html;
import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The page of connections as HTML, without scripts; everything that a client chose is escaped. */
final class ConnectionsTable {
  private static final String STYLE =
      """
      body{font:14px/1.5 system-ui,sans-serif;margin:1.5rem 2rem;color:#1f2328;background:#fff}
      h1{font-size:1.25rem;margin:0}
      p{color:#59636e;margin:.25rem 0 1rem}
      table{border-collapse:collapse;width:100%}
      th,td{text-align:left;padding:.4rem .75rem;border-bottom:1px solid #d1d9e0;vertical-align:top}
      th{font-weight:600;color:#59636e;white-space:nowrap;background:#f6f8fa}
      .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      .w{overflow-wrap:anywhere}
      small{color:#59636e;display:block}
      .plain{color:#9a6700}
      form{margin:0 0 1rem}
      th a{color:inherit;text-decoration:none}
      a{color:#0969da}
      @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}
      th{background:#151b23;color:#9198a1}p,small{color:#9198a1}th,td{border-color:#3d444d}
      .plain{color:#d29922}a{color:#4493f8}}
      """;

  private final String title;
  private final Instant now;
  private final ConnectionsQuery query;

  /**
   * A table without rows.
   *
   * @param title which proxy this is
   */
  ConnectionsTable(String title, Instant now, ConnectionsQuery query) {
    this.title = title;
    this.now = now;
    this.query = query;
  }

  /**
   * What comes before the rows.
   *
   * @param count of the rows
   */
  String beginning(int count) {
    StringBuilder out = new StringBuilder();
    out.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\">")
        .append("<title>Connections</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(Phrases.count(count, "connection"))
        .append("</h1><p>")
        .append(Html.escaped(title))
        .append(" · ")
        .append(now)
        .append(" · <a href=\"")
        .append(Html.escaped(query.asJson()))
        .append("\">JSON</a></p>");
    filter(out, query);
    head(out, query);
    return out.toString();
  }

  /** The rows, one by one, and the end. */
  Stream<String> rest(Stream<ConnectionRow> rows) {
    return Stream.concat(
        rows.map(ConnectionsTable::html), Stream.of("</tbody></table></body></html>\n"));
  }

  private static void filter(StringBuilder out, ConnectionsQuery query) {
    out.append("<form method=\"get\">");
    input(out, "search", "user", "User", query.user());
    input(out, "search", "certificate", "Certificate", query.certificate());
    if (query.sort().isPresent()) {
      input(out, "hidden", "sort", "", query.sortText());
    }
    out.append("<button>Filter</button></form>");
  }

  private static void input(
      StringBuilder out, String type, String name, String label, String value) {
    String field =
        "<input type=\"" + type + "\" name=\"" + name + "\" value=\"" + Html.escaped(value) + "\">";
    out.append(label.isEmpty() ? field : "<label>" + label + " " + field + "</label> ");
  }

  private static void head(StringBuilder out, ConnectionsQuery query) {
    out.append("<table><thead><tr>");
    for (ConnectionColumn column : ConnectionColumn.values()) {
      String arrow =
          query.sort().equals(Optional.of(column)) ? query.descending() ? " ▼" : " ▲" : "";
      out.append(column.isNumeric() ? "<th class=\"n\">" : "<th>")
          .append("<a href=\"")
          .append(Html.escaped(query.sortedBy(column)))
          .append("\">")
          .append(column.heading())
          .append("</a>")
          .append(arrow)
          .append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
  }

  private static String html(ConnectionRow row) {
    StringBuilder out = new StringBuilder("<tr>");
    cell(out, "n", row.id().isPresent() ? String.valueOf(row.id().getAsLong()) : "");
    cell(out, "", row.peer());
    cell(out, "w", row.user());
    cell(out, "", row.phase().replace('_', ' '));
    cell(out, "n", duration(row.phaseSeconds()));
    if (row.tlsVersion().isEmpty()) {
      cell(out, "plain", row.user().isEmpty() ? "" : "none");
    } else {
      out.append("<td>").append(escaped(row.tlsVersion()));
      out.append("<small>").append(escaped(row.cipher())).append("</small></td>");
    }
    cell(out, "w", row.subject());
    cell(out, "", row.expires());
    cell(out, "w", row.rule());
    cell(out, "n", bytes(row.receivedBytes()));
    cell(out, "n", bytes(row.sentBytes()));
    cell(out, "n", duration(row.connectedSeconds()));
    return out.append("</tr>\n").toString();
  }

  private static void cell(StringBuilder out, String style, String text) {
    out.append(style.isEmpty() ? "<td>" : "<td class=\"" + style + "\">");
    out.append(escaped(text)).append("</td>");
  }

  /** Without what could turn the direction of writing either. */
  private static String escaped(String text) {
    return Html.escaped(Printable.oneLine(text));
  }

  /** {@code 42 s}, {@code 7 min 3 s}, {@code 5 h 12 min}, {@code 3 d 4 h}. */
  static String duration(long seconds) {
    Duration duration = Duration.ofSeconds(Math.max(0, seconds));
    if (duration.toMinutes() == 0) {
      return duration.toSeconds() + " s";
    }
    if (duration.toHours() == 0) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return duration.toDays() == 0
        ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
        : duration.toDays() + " d " + duration.toHoursPart() + " h";
  }

  /** {@code 812 B}, {@code 1.5 kB}, {@code 20.0 MB}. */
  static String bytes(OptionalLong count) {
    if (count.isEmpty()) {
      return "";
    }
    double value = count.getAsLong();
    if (value < 1000) {
      return count.getAsLong() + " B";
    }
    String unit = "";
    for (String next : List.of("kB", "MB", "GB", "TB")) {
      if (value >= 1000) {
        value /= 1000;
        unit = next;
      }
    }
    return String.format(Locale.ROOT, "%.1f %s", value, unit);
  }
}
