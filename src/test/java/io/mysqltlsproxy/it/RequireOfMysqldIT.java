package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/**
 * A server with OpenSSL takes the certificates and the rule that {@code certs} prints as its own.
 */
class RequireOfMysqldIT {
  private static final int READABLE = 0755;
  private static final String LOGIN =
      "mysql --host=127.0.0.1 --user=laura --ssl-mode=VERIFY_IDENTITY --ssl-ca=/tls/ca-cert.pem"
          + " --ssl-cert=/tls/%1$s-cert.pem --ssl-key=/tls/%1$s-key.pem --batch"
          + " --skip-column-names --execute='SELECT CURRENT_USER()'";

  @Test
  void mysql97HoldsTheAccountToThePrintedRule(@TempDir Path temporary)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "MySQL 9.7 needs a Docker engine, and none answers");
    CertsProgram certs = new CertsProgram(temporary.resolve("certs"));
    certs.run();
    String printed = certs.run("client", "laura", "--subject=/C=DE/O=Müller, Söhne/CN=laura");
    String rule =
        printed
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("ALTER "))
            .findFirst()
            .orElseThrow();

    try (GenericContainer<?> server = server(certs)) {
      server.start();
      ExecResult ruled =
          server.execInContainer(
              "mysql", "--user=root", "--execute=CREATE USER 'laura'@'%'; " + rule);
      assertEquals(0, ruled.getExitCode(), ruled::getStderr);

      ExecResult laura = server.execInContainer("sh", "-c", LOGIN.formatted("laura"));
      ExecResult other = server.execInContainer("sh", "-c", LOGIN.formatted("client"));

      assertEquals("laura@%\n", laura.getStdout(), laura::getStderr);
      assertTrue(other.getStderr().contains("ERROR 1045 (28000)"), other::getStderr);
    }
  }

  private static GenericContainer<?> server(CertsProgram certs) {
    return new GenericContainer<>("mysql:9.7")
        .withEnv("MYSQL_ALLOW_EMPTY_PASSWORD", "1")
        .withCopyFileToContainer(MountableFile.forHostPath(certs.directory(), READABLE), "/tls")
        .withCommand(
            "--ssl-ca=/tls/ca-cert.pem",
            "--ssl-cert=/tls/server-cert.pem",
            "--ssl-key=/tls/server-key.pem")
        .waitingFor(
            Wait.forSuccessfulCommand("mysql --host=127.0.0.1 --user=root --execute='DO 0'")
                .withStartupTimeout(Duration.ofMinutes(5)));
  }
}
