package io.mysqltlsproxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that tests run to their end. */
final class Tool {
  private static final int TIMEOUT_SECONDS = 900;

  /** What a program left. */
  record Result(int status, byte[] output, String error) {
    String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  private Tool() {}

  /** Whether a command can be run and ends with status 0. */
  static boolean succeeds(List<String> command, Map<String, String> environment) {
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().putAll(environment);
    try {
      return run(process).status() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Runs a program without input. */
  static Result run(String... command) {
    return run(new ProcessBuilder(command));
  }

  /** Runs a program with this input. */
  static Result run(ProcessBuilder builder, String input) {
    try {
      Path file = Files.createTempFile("input-", null);
      try {
        Files.writeString(file, input);
        return run(builder.redirectInput(file.toFile()));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program without input unless the builder gives it some; fifteen minutes at most. */
  static Result run(ProcessBuilder builder) {
    try {
      Path error = Files.createTempFile("error-", null);
      try {
        Process process = builder.redirectError(error.toFile()).start();
        process.getOutputStream().close();
        Thread deadline = killAtDeadline(process);
        byte[] output;
        try (InputStream in = process.getInputStream()) {
          output = in.readAllBytes();
        }
        int status = process.onExit().join().exitValue();
        deadline.interrupt();
        return new Result(status, output, Files.readString(error, StandardCharsets.ISO_8859_1));
      } finally {
        Files.delete(error);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread killAtDeadline(Process process) {
    Thread thread =
        new Thread(
            () -> {
              try {
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "deadline");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
