package io.mysqltlsproxy.it;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.mysqltlsproxy.testing.ProxyCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;

/**
 * MySQL 9.7's {@code mysql} in the official image, which sees this machine's network and temporary
 * directory.
 */
final class MysqlCli extends CommandLineClient implements AutoCloseable {
  private static final String TEMPORARY = System.getProperty("java.io.tmpdir");

  private Optional<GenericContainer<?>> container = Optional.empty();

  MysqlCli() {
    super("MySQL 9.7 CLI");
  }

  @Override
  public Optional<String> unavailable() {
    return DockerClientFactory.instance().isDockerAvailable()
        ? Optional.empty()
        : Optional.of("MySQL 9.7's mysql needs a Docker engine, and none answers");
  }

  @Override
  Tool.Result run(List<String> arguments, Map<String, String> environment, Path input, Path output)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c"));
    command.add("exec mysql \"$@\" <" + input + " >" + output);
    command.add("mysql");
    command.addAll(arguments);
    try {
      ExecResult result =
          started()
              .execInContainer(
                  ExecConfig.builder()
                      .envVars(environment)
                      .command(command.toArray(String[]::new))
                      .build());
      return new Tool.Result(result.getExitCode(), new byte[0], result.getStderr());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while mysql ran", e);
    }
  }

  @Override
  List<String> tlsOptions(Optional<ProxyCertificates> certificates) {
    List<String> options = new ArrayList<>(List.of("--commands"));
    if (certificates.isPresent()) {
      options.addAll(certificateOptions(certificates.get()));
      options.add("--ssl-mode=VERIFY_IDENTITY");
    } else {
      options.add("--ssl-mode=DISABLED");
      options.add("--get-server-public-key");
    }
    return options;
  }

  @SuppressWarnings("resource") // Closed by close().
  private synchronized GenericContainer<?> started() {
    if (container.isEmpty()) {
      GenericContainer<?> created =
          new GenericContainer<>("mysql:9.7")
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
