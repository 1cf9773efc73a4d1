package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ProxyProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the admin port of a proxy process. */
record AdminClient(HttpClient http, int port) {
  private static final Pattern LINE = Pattern.compile("admin port: 127\\.0\\.0\\.1:(\\d+)");

  /** The one that the log of a process that is ready names. */
  static AdminClient of(ProxyProcess process) throws IOException {
    Matcher line = LINE.matcher(String.join("\n", process.errors()));
    assertTrue(line.find(), () -> "no admin port in the log");
    return new AdminClient(HttpClient.newHttpClient(), Integer.parseInt(line.group(1)));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  HttpResponse<String> post(String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString("x")).build());
  }

  /** What Prometheus would read now. */
  Metrics metrics() throws IOException, InterruptedException {
    return new Metrics(get("/metrics").body());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The text that Prometheus reads. */
  record Metrics(String text) {
    /** The sum of all series of this program whose name and labels begin so. */
    double sum(String start) {
      return text.lines()
          .filter(line -> line.startsWith("mysql_tls_proxy_" + start))
          .filter(line -> start.contains("{") || line.split("[{ ]", 2)[0].endsWith(start))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }
}
