package io.mysqltlsproxy.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The product as its users run it: {@code bin/mysql-tls-proxy run} in a process of its own. */
public final class ProxyProcess implements AutoCloseable {

  /** The line that says where clients connect, the address first. */
  private static final Pattern READY = Pattern.compile("\\bready:.*?:(\\d+)\\b.*");

  private static final int PATIENCE_SECONDS = 30;

  private final Process process;
  private final List<String> output = new ArrayList<>();
  private final CompletableFuture<Integer> ready = new CompletableFuture<>();
  private final Thread hook;

  private ProxyProcess(Process process) {
    this.process = process;
    this.hook = new Thread(process::destroyForcibly, "proxy-end");
    Runtime.getRuntime().addShutdownHook(hook);
    Thread reader = new Thread(this::read, "proxy-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts the proxy and waits for its line {@code ready:}.
   *
   * @param options of {@code run}, e.g. {@code --port=0}
   * @throws IOException when it ends instead or takes over 30 seconds, with what it printed
   */
  public static ProxyProcess start(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("bin", "mysql-tls-proxy").toAbsolutePath().toString());
    command.add("run");
    command.addAll(options);
    ProxyProcess proxy =
        new ProxyProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    try {
      proxy.ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return proxy;
    } catch (ExecutionException | TimeoutException e) {
      proxy.close();
      throw new IOException("the proxy printed no 'ready:':\n" + proxy.output(), e);
    } catch (InterruptedException e) {
      proxy.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the proxy started", e);
    }
  }

  /** The TCP port at which clients connect. */
  public int port() {
    return ready.join();
  }

  /** All that it has printed so far, on stdout and stderr. */
  public String output() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.add(line);
        }
        Matcher matcher = READY.matcher(line);
        if (matcher.find()) {
          ready.complete(Integer.valueOf(matcher.group(1)));
        }
      }
      ready.completeExceptionally(new IOException("the proxy ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /** Ends it as its users do, with SIGTERM, and by force after ten seconds. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
