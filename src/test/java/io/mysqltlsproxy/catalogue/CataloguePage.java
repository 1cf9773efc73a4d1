package io.mysqltlsproxy.catalogue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** {@code docs/failures.md}. */
final class CataloguePage {
  private static final String INTRODUCTION =
      """
      # Failures: what the client prints, what the log says, what is counted

      A test makes each of these with real clients, and writes this page. `…` stands for what changes.
      The remedies are in [troubleshooting.md](troubleshooting.md). The metric is
      `mysql_tls_proxy_refusals_total` or `mysql_tls_proxy_failures_total` with that `reason`.
      """;

  private CataloguePage() {}

  static String of(Map<Failure, Map<CatalogueClient, Seen>> seen) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (Failure failure : CatalogueFailures.ALL) {
      Map<CatalogueClient, Seen> clients = CatalogueIT.sorted(seen.getOrDefault(failure, Map.of()));
      if (clients.isEmpty()) {
        continue;
      }
      page.append("\n## ").append(failure.name()).append("\n\n");
      page.append("| client | prints | log | metric |\n|---|---|---|---|\n");
      clients.forEach(
          (client, what) ->
              page.append("| ")
                  .append(client)
                  .append(" | ")
                  .append(code(what.printed()))
                  .append(" | ")
                  .append(code(what.log()))
                  .append(" | ")
                  .append(what.metric().isEmpty() ? "none" : what.metric())
                  .append(" |\n"));
    }
    return page.toString();
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`` " + text.replace("|", "\\|").replace("``", "''") + " ``";
  }

  /** The lines of the log and the metrics of a page, by failure and client. */
  static Map<String, String> logs(String page) {
    Map<String, String> logs = new TreeMap<>();
    Map<String, String> current = new LinkedHashMap<>();
    for (String line : page.lines().toList()) {
      if (line.startsWith("## ")) {
        current.put("failure", line);
      } else if (line.startsWith("| ") && !line.startsWith("| client")) {
        String[] cells = line.split(" (?<!\\\\)\\| ", -1);
        String key = current.get("failure") + " × " + cells[0];
        logs.put(key, key + ": " + cells[2] + " " + cells[3]);
      }
    }
    return logs;
  }
}
