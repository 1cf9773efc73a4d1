package io.mysqltlsproxy.catalogue;

import java.util.List;
import java.util.regex.Pattern;

/** What one client, the log and the metrics said of one failure; what changes is shown as …. */
record Seen(String printed, String log, String metric) {
  private static final List<Pattern> NOISE =
      List.of(
          Pattern.compile("^mysql: \\[Warning\\].*|^CONNECTED.*|^Can't use SSL_get_servername"),
          Pattern.compile("^(depth=|verify return|---|no peer|write:|SSL handshake has).*"));
  private static final Pattern COMPLAINT =
      Pattern.compile("(?i)error|denied|alert|failed|refused|only mysql|expired|verif");
  private static final int MAX_LENGTH = 240;

  /** Whether all three said something; where the client has noticed nothing, nobody need. */
  boolean isComplete() {
    boolean unnoticed = printed.equals("no error") && metric.isEmpty();
    return unnoticed
        || (!printed.isEmpty()
            && !printed.startsWith("no error")
            && !log.isEmpty()
            && !metric.isEmpty());
  }

  /** One line: the first that says something, without ports, paths, dates and numbers. */
  static String shortened(String text) {
    List<String> lines =
        text.lines()
            .map(String::strip)
            .filter(each -> NOISE.stream().noneMatch(noise -> noise.matcher(each).find()))
            .filter(each -> !each.isEmpty())
            .toList();
    String line =
        lines.stream()
            .filter(each -> COMPLAINT.matcher(each).find())
            .findFirst()
            .orElse(lines.isEmpty() ? "" : lines.get(0));
    line =
        line.replaceAll("/tmp/[\\w./-]+/", "")
            .replaceAll("\\b\\d{4}-\\d\\d-\\d\\d[T ][\\d:.]+(Z|\\b)", "…")
            .replaceAll("[0-9A-Fa-f]{64}", "…")
            .replaceAll("(?<=serial number )[0-9a-f]+", "…")
            .replaceAll("\\b[0-9A-F]{12,16}:error", "error")
            .replaceAll("(?<=127\\.0\\.0\\.1[:' ]{1,3})\\d{4,5}", "…")
            .replaceAll("(?<=rules\\.sql:)\\d+", "…")
            .replaceAll("\\[[0-9a-f-]{36}\\]", "");
    return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
  }
}
