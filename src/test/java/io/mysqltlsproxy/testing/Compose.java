package io.mysqltlsproxy.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code docker compose}, of either kind, on {@code conf/compose.yaml}. */
public final class Compose implements AutoCloseable {
  private static final List<List<String>> KINDS =
      List.of(List.of("docker", "compose"), List.of("docker-compose"));

  private final List<String> command;
  private final Map<String, String> environment;

  private Compose(List<String> command, Map<String, String> environment) {
    this.command = command;
    this.environment = environment;
  }

  /** Why it cannot be used here, or empty when it can. */
  public static Optional<String> unavailable() {
    return Docker.unavailable()
        .or(
            () ->
                kind().isPresent()
                    ? Optional.empty()
                    : Optional.of("neither docker compose nor docker-compose is installed"));
  }

  /**
   * The project of this name.
   *
   * @param environment the variables that the file speaks of
   */
  public static Compose project(String name, Map<String, String> environment) {
    List<String> command = new ArrayList<>(kind().orElseThrow());
    command.add("--project-name=" + name);
    command.addAll(List.of("--project-directory=.", "--file=" + Path.of("conf", "compose.yaml")));
    return new Compose(command, environment);
  }

  /** Runs one of its commands, and gives what it printed. */
  public String run(String... arguments) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(arguments));
    return Docker.execute(whole, environment);
  }

  private static Optional<List<String>> kind() {
    return KINDS.stream().filter(Compose::answers).findFirst();
  }

  private static boolean answers(List<String> kind) {
    List<String> version = new ArrayList<>(kind);
    version.add("version");
    try {
      Docker.execute(version, Map.of());
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Override
  public void close() {
    run("down", "--volumes", "--timeout=60");
  }
}
