package io.mysqltlsproxy.soak;

import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A proxy as its users run it, that can be restarted on its port, and what it says of itself. */
final class SoakProxy implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> options;
  private final int port = FreePort.find();
  private final int adminPort = FreePort.find();
  private ProxyProcess process;
  private int starts;

  SoakProxy(InetSocketAddress server, List<String> options) throws IOException {
    this.options = new ArrayList<>(options);
    this.options.add("--backend=127.0.0.1:" + server.getPort());
    this.options.add("--port=" + port);
    this.options.add("--admin-address=127.0.0.1:" + adminPort);
    process = start();
  }

  private ProxyProcess start() throws IOException {
    ProxyProcess started = ProxyProcess.withUsualJava(options);
    started.ready();
    starts++;
    return started;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  long pid() {
    return process.pid();
  }

  /** How many processes there have been. */
  int starts() {
    return starts;
  }

  /**
   * Ends it and starts it again.
   *
   * @param signal TERM or KILL
   */
  void restart(String signal) throws IOException, InterruptedException {
    Signals.send(signal, process.pid());
    process.status();
    process.close();
    process = start();
  }

  /** Allows it no more open files than it has now, or as many as before. */
  void limitOpenFiles(boolean limited) throws IOException {
    long now = openFiles();
    run("prlimit", "--pid=" + pid(), "--nofile=" + (limited ? now : 4096) + ":");
  }

  long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid()), "fd"))) {
      return files.count();
    }
  }

  /** A number of kilobytes, or of threads, in {@code /proc/…/status}. */
  long status(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(pid()), "status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Has Java collect all garbage. */
  void collectGarbage() throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    run(jcmd, String.valueOf(pid()), "GC.run");
  }

  private static void run(String... command) throws IOException {
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = tool.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
  }

  /** The sum of the series of its metrics whose name and labels begin so. */
  double metric(String start) throws IOException, InterruptedException {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String metrics() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** The end of its log. */
  String log(int lines) throws IOException {
    List<String> all = process.errors();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  /** How many lines of its log hold the text. */
  long linesWith(String text) throws IOException {
    return process.errors().stream().filter(line -> line.contains(text)).count();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
