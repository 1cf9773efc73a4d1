package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The alerts, as Prometheus evaluates them over series that are made up. */
class AlertsIT {
  private static final Path ALERTS = Path.of("conf", "prometheus-alerts.yml");
  private static final Path CASES = Path.of("src", "test", "prometheus", "alerts.yml");

  @BeforeAll
  static void promtoolIsInstalled() {
    assumeTrue(
        Tool.succeeds(List.of("promtool", "--version"), Map.of()),
        "promtool is not installed: src/test/bin/install-tools");
  }

  @Test
  void everyAlertFiresWhenItShouldAndOnlyThen() {
    Tool.Result cases = Tool.run("promtool", "test", "rules", CASES.toString());

    assertEquals(0, cases.status(), () -> cases.text() + cases.error());
  }

  @Test
  void everyAlertHasACaseThatFiresAndOneThatDoesNot() throws IOException {
    String cases = Files.readString(CASES);
    List<String> alerts = found("- alert: (\\w+)", Files.readString(ALERTS));

    assertEquals(
        alerts,
        alerts.stream().filter(found("(\\w+)\n.*\n +exp_alerts:\n", cases)::contains).toList());
    assertEquals(
        alerts,
        alerts.stream()
            .filter(found("(\\w+)\n.*\n +exp_alerts: \\[\\]\n", cases)::contains)
            .toList());
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }
}
