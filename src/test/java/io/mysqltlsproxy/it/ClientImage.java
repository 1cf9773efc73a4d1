package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;

/**
 * An official image for the client in it, which sees this machine's network and temporary
 * directory.
 */
final class ClientImage implements AutoCloseable {
  private static final String TEMPORARY = System.getProperty("java.io.tmpdir");

  private final String image;
  private Optional<GenericContainer<?>> container = Optional.empty();

  /** Starts it when it is first used. */
  ClientImage(String image) {
    this.image = image;
  }

  /** Why it cannot be used here, or empty when it can. */
  Optional<String> unavailable() {
    return DockerClientFactory.instance().isDockerAvailable()
        ? Optional.empty()
        : Optional.of(image + " needs a Docker engine, and none answers");
  }

  /** Runs a program in it. */
  Tool.Result run(List<String> command, Map<String, String> environment) throws IOException {
    try {
      ExecResult result =
          started()
              .execInContainer(
                  ExecConfig.builder()
                      .envVars(environment)
                      .command(command.toArray(String[]::new))
                      .build());
      return new Tool.Result(
          result.getExitCode(), result.getStdout().getBytes(UTF_8), result.getStderr());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    }
  }

  @SuppressWarnings("resource") // Closed by close().
  private synchronized GenericContainer<?> started() {
    if (container.isEmpty()) {
      GenericContainer<?> created =
          new GenericContainer<>(image)
              .withNetworkMode("host")
              .withCreateContainerCmdModifier(
                  command -> command.withHostConfig(withTemporary(command.getHostConfig())))
              .withCommand("sleep", "infinity");
      created.start();
      container = Optional.of(created);
    }
    return container.get();
  }

  private static HostConfig withTemporary(@Nullable HostConfig config) {
    return requireNonNull(config).withBinds(new Bind(TEMPORARY, new Volume(TEMPORARY)));
  }

  @Override
  public synchronized void close() {
    container.ifPresent(GenericContainer::stop);
  }
}
