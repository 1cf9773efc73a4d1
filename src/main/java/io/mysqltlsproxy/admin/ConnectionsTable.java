package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.text.Html;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

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
      a{color:#0969da}
      @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}
      th{background:#151b23;color:#9198a1}p,small{color:#9198a1}th,td{border-color:#3d444d}
      .plain{color:#d29922}a{color:#4493f8}}
      """;

  private static final String HEAD =
      """
      <table><thead><tr><th class="n">Id</th><th>Client</th><th>User</th><th>Doing</th>\
      <th class="n">For</th><th>TLS</th><th>Certificate</th><th>Let in by</th>\
      <th class="n">Received</th><th class="n">Sent</th><th class="n">Connected</th></tr></thead>
      <tbody>
      """;

  private ConnectionsTable() {}

  static String html(String title, Instant now, List<ConnectionRow> rows) {
    StringBuilder out = new StringBuilder();
    out.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\">")
        .append("<title>Connections</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(rows.size())
        .append(rows.size() == 1 ? " connection" : " connections")
        .append("</h1><p>")
        .append(Html.escaped(title))
        .append(" · ")
        .append(now)
        .append(" · <a href=\"?format=json\">JSON</a></p>")
        .append(HEAD);
    rows.forEach(row -> append(out, row));
    return out.append("</tbody></table></body></html>\n").toString();
  }

  private static void append(StringBuilder out, ConnectionRow row) {
    out.append("<tr>");
    cell(out, "n", row.id().isPresent() ? String.valueOf(row.id().getAsLong()) : "");
    cell(out, "", row.peer());
    cell(out, "w", row.user());
    cell(out, "", row.phase().replace('_', ' '));
    cell(out, "n", duration(row.phaseSeconds()));
    if (row.tlsVersion().isEmpty()) {
      cell(out, "plain", row.user().isEmpty() ? "" : "none");
    } else {
      out.append("<td>").append(Html.escaped(row.tlsVersion()));
      out.append("<small>").append(Html.escaped(row.cipher())).append("</small></td>");
    }
    cell(out, "w", row.subject());
    cell(out, "w", row.rule());
    cell(out, "n", bytes(row.receivedBytes()));
    cell(out, "n", bytes(row.sentBytes()));
    cell(out, "n", duration(row.connectedSeconds()));
    out.append("</tr>\n");
  }

  private static void cell(StringBuilder out, String style, String text) {
    out.append(style.isEmpty() ? "<td>" : "<td class=\"" + style + "\">");
    out.append(Html.escaped(text)).append("</td>");
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
