package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.Docker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A container with Debian, and beside it nothing but a copy of this clone as it is before its first
 * build. What its Maven would download it finds in the repository of this machine's, as far as it
 * is there.
 */
final class FreshMachine implements AutoCloseable {
  private static final String IMAGE = "debian:trixie-slim";
  private static final String CLONE = "/root/mysql-tls-proxy";

  /**
   * The certificate authorities that this machine trusts beside Debian's, and how a container
   * would.
   */
  private static final Path AUTHORITIES = Path.of("/usr/local/share/ca-certificates");

  private static final Path REPOSITORY =
      Path.of(System.getProperty("user.home"), ".m2", "repository");
  private static final String REPOSITORY_THERE = "/usr/share/maven-repository-of-the-host";

  /** By itself it ends after this time. */
  private static final int SECONDS = 1800;

  private final String container;

  private FreshMachine(String container) {
    this.container = container;
  }

  /** Why there can be none here, or empty when there can. */
  static Optional<String> unavailable() {
    return Docker.unavailable();
  }

  static FreshMachine start() {
    List<String> command = new ArrayList<>(List.of("run", "--detach", "--rm", "--init"));
    command.add("--workdir=" + CLONE);
    if (Files.isDirectory(AUTHORITIES)) {
      command.add("--volume=" + AUTHORITIES + ":" + AUTHORITIES + ":ro");
    }
    if (Files.isDirectory(REPOSITORY)) {
      command.add("--volume=" + REPOSITORY + ":" + REPOSITORY_THERE + ":ro");
      command.add("--env=MAVEN_ARGS=-Dmaven.repo.local.tail=" + REPOSITORY_THERE);
    }
    command.addAll(List.of(IMAGE, "sleep", String.valueOf(SECONDS)));
    FreshMachine machine = new FreshMachine(Docker.run(command.toArray(String[]::new)));
    CleanCopy.unpackBy("docker exec -i " + machine.container + " tar -x");
    return machine;
  }

  /** A terminal on it, in the clone. */
  Terminal terminal() throws IOException {
    // The engine would carry the two outputs one by one, and lose their order.
    return new Terminal(
        List.of("docker", "exec", "--interactive", container, "bash", "-c", "exec bash 2>&1"));
  }

  @Override
  public void close() {
    Docker.succeeds("rm", "--force", container);
  }
}
