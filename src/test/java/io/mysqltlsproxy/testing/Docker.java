package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;

/** The command {@code docker}, as a user types it. */
public final class Docker {
  private static final int TIMEOUT_MINUTES = 15;
  private static final int AWAIT_SECONDS = 300;

  private Docker() {}

  /** Why no image can be built here, or empty when one can. */
  public static Optional<String> unavailable() {
    return DockerClientFactory.instance().isDockerAvailable()
        ? Optional.empty()
        : Optional.of("an image needs a Docker engine, and none answers");
  }

  /**
   * Runs {@code docker} with these arguments.
   *
   * @return what it printed, without the last line's end
   * @throws IllegalStateException when it ends with another status than 0, with what it printed
   */
  public static String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return execute(command, Map.of());
  }

  /** Whether {@code docker} with these arguments ends with status 0. */
  public static boolean succeeds(String... arguments) {
    try {
      run(arguments);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Waits, five minutes at most, for what a container has yet to come to. */
  public static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited " + AWAIT_SECONDS + " s in vain");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  /** Makes the image of the archive that Maven has just packaged, under this name. */
  public static void build(String tag) {
    String command = Path.of("src", "test", "bin", "build-image").toAbsolutePath().toString();
    execute(List.of(command, tag, "--packaged"), Map.of());
  }

  /**
   * Runs a command to its end, fifteen minutes at most.
   *
   * @param environment more variables for it
   * @throws IllegalStateException when it is not there, or ends with another status than 0
   */
  static String execute(List<String> command, Map<String, String> environment) {
    try {
      Path output = Files.createTempFile("docker-", ".out");
      try {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8).strip();
        if (!ended || process.exitValue() != 0) {
          throw new IllegalStateException(String.join(" ", command) + ": " + text);
        }
        return text;
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new IllegalStateException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + String.join(" ", command), e);
    }
  }
}
