package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.Docker;
import java.nio.file.Path;

/** A machine with systemd on which the service runs: a container with the host's network. */
final class SystemdMachine implements AutoCloseable {
  static final String SERVICE = "mysql-tls-proxy";

  private static final String IMAGE = "mysql-tls-proxy-systemd:it";

  private String container = "";

  /** Starts it, or skips the test where there is no Docker engine. */
  void start() {
    Docker.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    Docker.run("build", "--quiet", "--tag=" + IMAGE, Path.of("src/test/docker/systemd").toString());
    // The host's network has the server; systemd mounts, and makes filters of its own.
    container =
        Docker.run(
            "run",
            "--detach",
            "--rm",
            "--network=host",
            "--cap-add=SYS_ADMIN",
            "--security-opt=seccomp=unconfined",
            "--security-opt=apparmor=unconfined",
            "--tmpfs=/run",
            IMAGE);
    Docker.await(() -> succeeds("systemctl is-active basic.target"));
  }

  void copy(Path file, String to) {
    Docker.run("cp", file.toString(), container + ":" + to);
  }

  /** Runs a command of Bash as root, which must succeed, and returns what it printed. */
  String type(String command) {
    return Docker.run("exec", container, "bash", "-c", command);
  }

  boolean succeeds(String command) {
    return Docker.succeeds("exec", container, "bash", "-c", command);
  }

  String mainPid() {
    return type("systemctl show -P MainPID " + SERVICE);
  }

  /** What the service has said since it was last started. */
  String log() {
    String start = "$(systemctl show -P InvocationID " + SERVICE + ")";
    return type("journalctl --no-pager --output=cat _SYSTEMD_INVOCATION_ID=" + start);
  }

  @Override
  public void close() {
    if (!container.isEmpty()) {
      Docker.succeeds("rm", "--force", container);
    }
  }
}
