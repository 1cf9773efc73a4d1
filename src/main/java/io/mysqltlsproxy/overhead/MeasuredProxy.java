package io.mysqltlsproxy.overhead;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy in a process of its own, so that its CPU time can be told from the load's: the program
 * that runs here, with the options of the JVM that runs it.
 */
final class MeasuredProxy implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready: clients connect to [^;]*:(\\d+);.*");
  private static final int END_SECONDS = 5;

  private final List<String> command;
  private final Path log;
  private final Process process;
  private final InetSocketAddress address;

  private MeasuredProxy(
      List<String> command, Path log, Process process, InetSocketAddress address) {
    this.command = command;
    this.log = log;
    this.process = process;
    this.address = address;
  }

  /**
   * Starts one and waits until it takes clients.
   *
   * @param directory gets its option file and its log
   * @param options of {@code run}, as lines of an option file
   * @throws IOException when it does not start, with what it said
   */
  static MeasuredProxy start(Path directory, String mainClass, List<String> options)
      throws IOException {
    Path file = directory.resolve("mysql-tls-proxy.cnf");
    List<String> lines = new ArrayList<>(List.of("[mysql-tls-proxy]"));
    lines.addAll(options);
    Files.write(file, lines);
    Path log = directory.resolve("proxy.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-X"))
            .toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of("run", "--defaults-file=" + file));
    return start(command, log);
  }

  /**
   * Starts another process with the same options, which the caller closes.
   *
   * @throws IOException when it does not start, with what it said
   */
  MeasuredProxy another() throws IOException {
    return start(command, log);
  }

  private static MeasuredProxy start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("MYSQL_TLS_PROXY_"));
    Process process = builder.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line;
    while ((line = out.readLine()) != null) {
      Matcher ready = READY.matcher(line);
      if (ready.matches()) {
        int port = Integer.parseInt(ready.group(1));
        return new MeasuredProxy(
            command, log, process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
    }
    throw new IOException("the proxy did not start: " + Files.readString(log).strip());
  }

  InetSocketAddress address() {
    return address;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
