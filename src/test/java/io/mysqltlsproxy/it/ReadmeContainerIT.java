package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.it.Page.Step;
import io.mysqltlsproxy.testing.Docker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The block "In a container" of README.md, typed as it stands there, in front of a real server. */
class ReadmeContainerIT {
  private static final String NAME = "mysql-tls-proxy-readme-" + ProcessHandle.current().pid();
  private static final String SERVER = NAME + "-server";
  private static final String IMAGE = "mysql-tls-proxy:it";

  /** The name that the README has for the server. */
  private static final String SERVER_IN_README = "legacy-db";

  @BeforeAll
  static void buildTheImageAndStartTheServer() {
    Docker.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    Docker.build(IMAGE);
    Docker.run("network", "create", NAME);
    Docker.run(
        "run",
        "--detach",
        "--network=" + NAME,
        "--network-alias=" + SERVER_IN_README,
        "--name=" + SERVER,
        "--env=MYSQL_ALLOW_EMPTY_PASSWORD=1",
        "mysql:9.7",
        "--tls-version=");
    String[] ping = {"exec", SERVER, "mysqladmin", "--host=127.0.0.1", "--user=root", "ping"};
    Docker.await(() -> Docker.succeeds(ping));
  }

  @AfterAll
  static void remove() {
    if (Docker.unavailable().isEmpty()) {
      Docker.succeeds("rm", "--force", NAME);
      Docker.succeeds("rm", "--force", "--volumes", SERVER);
      Docker.succeeds("network", "rm", NAME);
    }
  }

  @Test
  void theCommandsStartAProxyThatAClientLogsInThrough(@TempDir Path directory) throws IOException {
    for (String command : theBlock().commands()) {
      Tool.Result typed =
          Tool.run(
              new ProcessBuilder("bash", "-c", onThisMachine(command))
                  .directory(directory.toFile()));
      assertEquals(0, typed.status(), () -> command + "\n" + typed.text() + typed.error());
    }
    Docker.await(() -> Docker.run("logs", NAME).contains("ready: "));

    Docker.run("cp", directory.resolve("certificates").toString(), SERVER + ":/certificates");
    String status =
        Docker.run(
            "exec",
            SERVER,
            "mysql",
            "--host=" + NAME,
            "--port=3307",
            "--user=root",
            "--ssl-mode=VERIFY_CA",
            "--ssl-ca=/certificates/ca-cert.pem",
            "--ssl-cert=/certificates/client-cert.pem",
            "--ssl-key=/certificates/client-key.pem",
            "--execute=SHOW STATUS LIKE 'Ssl_cipher'");
    assertTrue(status.contains("TLS_"), status);
    assertTrue(Docker.run("port", NAME).startsWith("3307/tcp"), () -> Docker.run("port", NAME));
  }

  private static Step theBlock() throws IOException {
    List<Step> steps =
        Page.read(Path.of("README.md")).steps().stream()
            .filter(step -> step.text().contains("docker run"))
            .toList();
    assertEquals(1, steps.size(), steps::toString);
    return steps.get(0);
  }

  /**
   * The image is made of the archive that Maven has packaged. The proxy is in the server's network,
   * in the background, at any free port of this machine's. Root needs no {@code sudo}.
   */
  private static String onThisMachine(String command) {
    if (command.startsWith("docker build")) {
      return "true";
    }
    String here =
        "root".equals(System.getProperty("user.name"))
            ? command.replaceFirst("^sudo ", "")
            : command;
    return here.replaceAll("(?m)^( *)mysql-tls-proxy\\b", "$1" + IMAGE)
        .replace(
            "-p 3307:3307", "-p 127.0.0.1::3307 --detach --name=" + NAME + " --network=" + NAME);
  }
}
