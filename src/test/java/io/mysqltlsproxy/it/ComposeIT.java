package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.Compose;
import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code conf/compose.yaml}, as the lines at its head use it. */
class ComposeIT {
  private static final String NAME = "mysqltlsproxy" + ProcessHandle.current().pid();
  private static final String IMAGE = "mysql-tls-proxy:it";
  private static final String PASSWORD = "open sesame";
  private static final int TIMEOUT_SECONDS = 300;

  @Test
  void theServerIsReachedThroughTheProxyOnlyAndWithACertificate() throws Exception {
    Compose.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    Docker.build(IMAGE);
    try (TemporaryDirectory certificates = TemporaryDirectory.create("compose-")) {
      makeCertificates(certificates.path());
      int port = FreePort.find();
      Map<String, String> variables =
          Map.of(
              "PROXY_IMAGE",
              IMAGE,
              "MYSQL_ROOT_PASSWORD",
              PASSWORD,
              "CERTIFICATES",
              certificates.path().toString(),
              "PORT",
              String.valueOf(port));
      try (Compose compose = Compose.project(NAME, variables)) {
        compose.run("up", "--detach");
        awaitReady(compose);

        String user =
            query(
                port,
                certificates.path(),
                "--ssl-cert=client-cert.pem",
                "--ssl-key=client-key.pem");
        assertTrue(user.startsWith("root@"), user);
        var refused =
            assertThrows(IllegalStateException.class, () -> query(port, certificates.path()));
        assertTrue(refused.toString().contains("ERROR 1045"), refused::toString);
        assertEquals("", Docker.run("port", compose.run("ps", "--quiet", "legacy-db")));
      }
    }
  }

  private static void makeCertificates(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    String user =
        Files.getAttribute(directory, "unix:uid") + ":" + Files.getAttribute(directory, "unix:gid");
    String mount = directory + ":/etc/mysql-tls-proxy";
    Docker.run("run", "--rm", "--user=" + user, "--volume=" + mount, IMAGE, "certs");
    // Only root could give the key to the proxy's user.
    Files.setPosixFilePermissions(
        directory.resolve("server-key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static String query(int port, Path certificates, String... options) {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "--network=host"));
    command.addAll(List.of("--env=MYSQL_PWD=" + PASSWORD, "--workdir=/c"));
    command.add("--volume=" + certificates + ":/c:ro");
    command.addAll(List.of("mysql:9.7", "mysql", "--no-defaults", "--host=127.0.0.1"));
    command.addAll(List.of("--port=" + port, "--user=root", "--skip-column-names", "--batch"));
    command.addAll(List.of("--ssl-mode=VERIFY_IDENTITY", "--ssl-ca=ca-cert.pem"));
    command.addAll(List.of(options));
    command.add("--execute=SELECT USER()");
    return Docker.run(command.toArray(String[]::new));
  }

  private static void awaitReady(Compose compose) throws InterruptedException {
    for (int i = 0; i < TIMEOUT_SECONDS; i++) {
      if (compose.run("logs", "mysql-tls-proxy").contains("ready: ")) {
        return;
      }
      TimeUnit.SECONDS.sleep(1);
    }
    throw new AssertionError(compose.run("logs"));
  }
}
