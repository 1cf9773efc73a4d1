package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.option.Backend;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final IdleMemory MEMORY =
      new IdleMemory(
          Ways.PROXY_TLS,
          List.of(new IdleMemory.Point(0, 80_000_000), new IdleMemory.Point(100, 81_000_000)),
          Optional.empty());

  @Test
  void whereMemoryWasAskedForAndCannotBeSeenTheReportSaysSo() throws Exception {
    assertEquals(
        List.of("No memory of idle connections was measured: this system has no /proc."),
        report(100, List.of()).findings());
  }

  @Test
  void whereMemoryWasMeasuredOrNotAskedForThereIsNothingToExplain() throws Exception {
    assertEquals(List.of(), report(100, List.of(MEMORY)).findings());
    assertEquals(List.of(), report(0, List.of()).findings());
  }

  @Test
  void everyWayHasAColorOfItsOwnOnThePage() throws Exception {
    List<String> ways =
        List.of(
            Ways.DIRECT,
            Ways.PROXY_PLAIN,
            Ways.PROXY_TLS,
            "proxy, TLSv1.2 AES128-GCM-SHA256",
            "proxy, TLSv1.2 AES256-GCM-SHA384",
            "proxy, TLSv1.2 CHACHA20-POLY1305",
            "proxy, TLSv1.3, P-256 key",
            "proxy, TLSv1.3, resumed",
            "proxy, TLSv1.3, mutual",
            "proxy, TLSv1.3, mutual, P-256 keys",
            "router",
            "haproxy");
    List<Row> rows =
        ways.stream().map(way -> new Row(way, Optional.empty(), Optional.of(FIGURES))).toList();
    Report report = report(0, List.of(), List.of(new Table(Workload.connect(), 1, rows)));

    String html = Printed.page(report);
    Map<String, String> styles = new HashMap<>();
    BAR.matcher(html).results().forEach(bar -> styles.put(bar.group(1), bar.group(2)));
    assertEquals(Set.copyOf(ways), styles.keySet(), html);
    List<String> colors =
        styles.values().stream()
            .map(style -> Pattern.compile("--" + style + ": (#[0-9a-f]{6});").matcher(html))
            .filter(Matcher::find)
            .map(color -> color.group(1))
            .distinct()
            .toList();
    assertEquals(ways.size(), colors.size(), colors::toString);
  }

  private static final Pattern BAR =
      Pattern.compile(
          "<span class=\"name\">([^<]*)</span><span class=\"track\"><span class=\"(\\w+)\"");
  private static final Estimate ESTIMATE = new Estimate(100, 90, 110);
  private static final Figures FIGURES =
      new Figures(
          ESTIMATE,
          Optional.empty(),
          ESTIMATE,
          ESTIMATE,
          ESTIMATE,
          Optional.of(ESTIMATE),
          ESTIMATE,
          List.of(100.0));

  private static Report report(int idle, List<IdleMemory> memory) throws Exception {
    return report(idle, memory, List.of());
  }

  static Report report(int idle, List<IdleMemory> memory, List<Table> tables) throws Exception {
    return report(idle, memory, tables, List.of(), List.of());
  }

  static Report report(
      int idle,
      List<IdleMemory> memory,
      List<Table> tables,
      List<LoginStorm> storms,
      List<FirstLogins> firstLogins)
      throws Exception {
    Settings settings =
        new Settings(
            Backend.parse("127.0.0.1:3306"),
            new Account("engineer", new byte[0], "test"),
            Optional.empty(),
            List.of(1),
            1,
            Duration.ofSeconds(1),
            idle,
            Scope.WHOLE,
            List.of());
    return new Report(new Machine(Map.of()), settings, tables, memory, storms, firstLogins);
  }
}
