package io.mysqltlsproxy.testing;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The product as its users run it: {@code bin/mysql-tls-proxy run} in a process of its own. */
public final class ProxyProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("(?:.*\"message\":\")?ready: .*?127\\.0\\.0\\.1:(\\d+)\\b.*");
  private static final int TIMEOUT_SECONDS = 120;

  private final Process process;
  private final Path errors;
  private final CompletableFuture<String> firstLine = new CompletableFuture<>();
  private final Thread hook = new Thread(this::kill, "proxy-end");

  private ProxyProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    Runtime.getRuntime().addShutdownHook(hook);
    Thread reader = new Thread(this::read, "proxy-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts one on a free port in front of a server, with the options of {@link
   * RunningProxy#before}.
   */
  public static ProxyProcess before(InetSocketAddress server, String... options)
      throws IOException {
    return start(options("127.0.0.1:" + server.getPort(), options));
  }

  /**
   * The options of {@link RunningProxy#beforeBackend}, and a free port, as on the command line.
   *
   * @param more or other ones, without the dashes: {@code require=X509}
   */
  public static List<String> options(String backend, String... more) {
    Map<String, String> flags = RunningProxy.flags(backend, more);
    flags.putIfAbsent("port", "0");
    return flags.entrySet().stream()
        .map(flag -> "--" + flag.getKey() + "=" + flag.getValue())
        .toList();
  }

  /**
   * Starts the proxy with the Java that runs this.
   *
   * @param options of {@code run}, e.g. {@code --port=0}
   * @param jvm options of Java, e.g. {@code -Xmx64m}
   */
  public static ProxyProcess start(List<String> options, String... jvm) throws IOException {
    return start(Files.createTempFile("proxy-", ".err"), List.of(), options, jvm);
  }

  /** The same with the options of Java that the launcher gives it. */
  public static ProxyProcess withUsualJava(List<String> options) throws IOException {
    return start(
        Files.createTempFile("proxy-", ".err"), List.of("env", "-u", "JAVA_OPTS"), options);
  }

  /**
   * The same, begun by another program.
   *
   * @param command which begins it, such as {@code prlimit}, and its options
   */
  public static ProxyProcess startedBy(List<String> command, List<String> options)
      throws IOException {
    return start(Files.createTempFile("proxy-", ".err"), command, options);
  }

  /**
   * Starts a mirror.
   *
   * @param options of {@code connect}
   */
  public static ProxyProcess connecting(List<String> options) throws IOException {
    return start(Files.createTempFile("proxy-", ".err"), List.of(), "connect", options);
  }

  /** The same, with its standard error in a file, or a pipe, that is there. */
  public static ProxyProcess withErrorsTo(Path errors, List<String> options) throws IOException {
    return start(errors, List.of(), options);
  }

  private static ProxyProcess start(
      Path errors, List<String> prefix, List<String> options, String... jvm) throws IOException {
    return start(errors, prefix, "run", options, jvm);
  }

  private static ProxyProcess start(
      Path errors, List<String> prefix, String name, List<String> options, String... jvm)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of("bin", "mysql-tls-proxy").toAbsolutePath().toString());
    command.add(name);
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", String.join(" ", jvm));
    return new ProxyProcess(builder.start(), errors);
  }

  /**
   * The first line on its standard output; empty where it ends without one.
   *
   * @throws IOException when that takes over two minutes
   */
  public String firstLine() throws IOException {
    try {
      return firstLine.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the proxy prints nothing: " + errors(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the proxy started", e);
    }
  }

  /**
   * Waits for its line {@code ready:}, and says where clients connect.
   *
   * @throws IOException when it ends instead or takes over two minutes, with what it printed
   */
  public InetSocketAddress ready() throws IOException {
    String line = firstLine();
    Matcher matcher = READY.matcher(line);
    if (!matcher.matches()) {
      throw new IOException("the proxy is not ready: " + line + errors());
    }
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1)));
  }

  /** Of the Java that runs it: the launcher becomes that. */
  public long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGHUP. */
  public void hangUp() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid())).start().waitFor();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Waits for its end, and gives its status. */
  public int status() throws InterruptedException, IOException {
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("still running: " + errors());
    }
    return process.exitValue();
  }

  /** What it has said on its standard error. */
  public List<String> errors() throws IOException {
    return Files.readAllLines(errors);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      firstLine.complete(Objects.requireNonNullElse(lines.readLine(), ""));
      while (lines.readLine() != null) {
        // A full pipe would stop it.
      }
    } catch (IOException e) {
      firstLine.completeExceptionally(e);
    }
  }

  /** Ends it as its users do, with SIGTERM, and by force after ten seconds. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    kill();
    Files.deleteIfExists(errors);
  }

  private void kill() {
    process.destroyForcibly().onExit().join();
  }
}
