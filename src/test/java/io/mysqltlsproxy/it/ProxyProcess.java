package io.mysqltlsproxy.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The packaged program as a process of its own, as an operator starts it. */
final class ProxyProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "mysql-tls-proxy.jar");

  private final Process process;
  private final BufferedReader out;
  private final Path err;

  private ProxyProcess(List<String> jvm, Map<String, String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-jar", JAR.toString(), "run"));
    flags.forEach((name, value) -> command.add("--" + name + "=" + value));
    err = Files.createTempFile("proxy-", ".err");
    process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  static ProxyProcess start(Map<String, String> flags, String... jvm) throws IOException {
    return new ProxyProcess(List.of(jvm), flags);
  }

  /** The first line on its standard output; empty where it ends without one. */
  String firstLine() throws IOException {
    return Objects.requireNonNullElse(out.readLine(), "");
  }

  /** Waits for {@code ready:}, and says where it listens. */
  InetSocketAddress ready() throws IOException {
    String line = firstLine();
    if (!line.startsWith("ready: ")) {
      throw new IOException("not ready: " + line + errors());
    }
    String address = line.replaceFirst(".*?127\\.0\\.0\\.1:(\\d+).*", "$1");
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Waits for its end, and gives its status. */
  int status() throws InterruptedException, IOException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("still running: " + errors());
    }
    return process.exitValue();
  }

  /** What it has said on its standard error. */
  List<String> errors() throws IOException {
    return Files.readAllLines(err);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(err);
  }
}
