package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server's process: awaited when it starts, ended with this JVM at the latest. */
final class ServerProcess implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int TAIL_LINES = 30;

  private final String name;
  private final Process process;
  private final Path directory;
  private final Thread hook = new Thread(this::end, "server-end");

  private ServerProcess(String name, Process process, Path directory) {
    this.name = name;
    this.process = process;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a server and waits until its error log says that it is ready for connections.
   *
   * @param directory the server's own, with its data; deleted when it ends
   * @throws IOException when it ends instead or takes over three minutes, with the tail of its log
   */
  static ServerProcess start(String name, ProcessBuilder command, Path directory)
      throws IOException {
    Path log = directory.resolve("error.log");
    command.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    ServerProcess server = new ServerProcess(name, command.start(), directory);
    try {
      server.await(log);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private void await(Path log) throws IOException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (!read(log).contains("ready for connections")) {
      if (!process.isAlive()) {
        throw new IOException(
            name + " ended with status " + process.exitValue() + ":\n" + tail(log));
      }
      if (System.nanoTime() > end) {
        throw new IOException(name + " is not ready after " + TIMEOUT + ":\n" + tail(log));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while " + name + " started", e);
      }
    }
  }

  private static String read(Path log) throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = read(log).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    end();
  }

  private void end() {
    process.destroyForcibly().onExit().join();
    ServerFiles.delete(directory);
  }
}
