package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes a proxy process, and is asked what the dashboard asks. */
class DashboardIT {
  private static final Pattern ADMIN = Pattern.compile("admin port: (127\\.0\\.0\\.1:\\d+)");
  private static final Pattern QUERY = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final int TIMEOUT_SECONDS = 180;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void everyQueryOfTheDashboardHasAResult(@TempDir Path directory) throws Exception {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("prometheus", "--version"), Map.of()),
        "prometheus is not installed: src/test/bin/install-tools");
    try (ScriptedServer server = ScriptedServer.polite();
        ProxyProcess proxy =
            ProxyProcess.before(
                server.address(), "admin-address=127.0.0.1:0", "require-secure-transport=ON");
        RawClient client = RawClient.encrypted(proxy.ready(), ClientTls.NONE)) {
      client.logIn("root");
      Matcher admin = ADMIN.matcher(String.join("\n", proxy.errors()));
      assertTrue(admin.find());

      String prometheus = "127.0.0.1:" + FreePort.find();
      Process process = prometheus(directory, prometheus, admin.group(1));
      try {
        awaitScrapes(prometheus);
        List<String> queries = queries();
        assertFalse(queries.isEmpty());
        assertEquals(
            List.of(), queries.stream().filter(query -> isEmpty(prometheus, query)).toList());
      } finally {
        process.destroy();
        process.onExit().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  private static List<String> queries() throws IOException {
    return QUERY
        .matcher(Files.readString(Path.of("conf", "grafana-dashboard.json")))
        .results()
        .map((MatchResult found) -> found.group(1).replace("\\\"", "\"").replace("$instance", ".*"))
        .toList();
  }

  private static Process prometheus(Path directory, String address, String target)
      throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s}
            scrape_configs: [{job_name: mysql-tls-proxy, static_configs: [{targets: ["%s"]}]}]
            """
                .formatted(target));
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=" + address)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("prometheus.log").toFile())
        .start();
  }

  /** A rate needs two of them. */
  private void awaitScrapes(String prometheus) throws Exception {
    String twice = "count_over_time(mysql_tls_proxy_logins_total[5m]) > 2";
    for (int second = 0; second < TIMEOUT_SECONDS; second++) {
      try {
        if (!isEmpty(prometheus, twice)) {
          return;
        }
      } catch (IllegalStateException notUpYet) {
        // Asked again below.
      }
      TimeUnit.SECONDS.sleep(1);
    }
    throw new IllegalStateException("Prometheus has not scraped the proxy");
  }

  private boolean isEmpty(String prometheus, String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    URI uri = URI.create("http://" + prometheus + "/api/v1/query?query=" + encoded);
    try {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), query + ": " + answer.body());
      return answer.body().contains("\"result\":[]");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
