package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the image takes, and what it bears with 128 MB and one processor. */
class DockerLimitsIT {
  private static final String IMAGE = "mysql-tls-proxy:it";
  private static final String BASE = "debian:trixie-slim";
  private static final ProxyCertificates CERTIFICATES = ProxyCertificates.shared();
  private static final int CLIENTS = 100;
  private static final int ROWS = 40;
  private static final int ROW_BYTES = 100_000;
  private static final int QUERIES = 50;

  private String proxy = "";

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    Docker.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    Docker.build(IMAGE);
    TestServer server = Servers.mysql55();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Path file :
        List.of(CERTIFICATES.ca(), CERTIFICATES.serverCert(), CERTIFICATES.serverKey())) {
      Path copy = Files.copy(file, directory.resolve(file.getFileName()));
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    }
    // The host's network has the server.
    proxy =
        Docker.run(
            "run",
            "--detach",
            "--network=host",
            "--read-only",
            "--cap-drop=ALL",
            "--memory=128m",
            "--memory-swap=128m",
            "--cpus=1",
            "--volume=" + directory + ":/etc/mysql-tls-proxy:ro",
            IMAGE,
            "run",
            "--ssl-ca=ca-cert.pem",
            "--bind-address=127.0.0.1",
            "--port=0",
            "--backend=127.0.0.1:" + server.port());
    Docker.await(() -> ReadyLine.isIn(log()));
  }

  @AfterEach
  void remove() {
    if (!proxy.isEmpty()) {
      Docker.succeeds("rm", "--force", proxy);
    }
  }

  @Test
  void itAddsAtMost120MbToItsBaseAndIdlesInAtMost90Mb() {
    long added = size(IMAGE) - size(BASE);
    assertTrue(added <= 120_000_000, () -> added + " bytes");

    String status = Docker.run("exec", proxy, "cat", "/proc/1/status");
    Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(status);
    assertTrue(resident.find(), status);
    assertTrue(Integer.parseInt(resident.group(1)) <= 90 << 10, status);
  }

  @Test
  void aHundredClientsThatAllStopReadingAtOnceAreServedToTheEnd() throws Exception {
    int port = ReadyLine.port(log());
    List<Callable<Integer>> clients = new ArrayList<>();
    CyclicBarrier allHaveBegun = new CyclicBarrier(CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
      Connection connection = connect(port);
      clients.add(() -> bytesReadBy(connection, allHaveBegun));
    }
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      for (Future<Integer> client : threads.invokeAll(clients, 10, TimeUnit.MINUTES)) {
        assertEquals(ROWS * ROW_BYTES, client.get());
      }
    } catch (ExecutionException | CancellationException e) {
      fail(log(), e);
    } finally {
      threads.shutdownNow();
    }

    String state = "--format={{.State.Running}} {{.State.OOMKilled}} {{.RestartCount}}";
    assertEquals("true false 0", Docker.run("inspect", state, proxy));
    assertTrue(!log().contains("ERROR"), this::log);
  }

  private static int bytesReadBy(Connection client, CyclicBarrier allHaveBegun) throws Exception {
    try (client;
        Statement statement = client.createStatement()) {
      int read = 0;
      statement.setFetchSize(1);
      String sql =
          "SELECT REPEAT('x', %d) FROM information_schema.collations LIMIT %d"
              .formatted(ROW_BYTES, ROWS);
      try (ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        allHaveBegun.await(5, TimeUnit.MINUTES);
        TimeUnit.SECONDS.sleep(2);
        do {
          read += rows.getBytes(1).length;
        } while (rows.next());
      }
      for (int i = 0; i < QUERIES; i++) {
        statement.executeQuery("SELECT 1").close();
      }
      return read;
    }
  }

  private static Connection connect(int port) throws SQLException {
    Login root = new Login(port, "root", "", Optional.of(CERTIFICATES));
    return new JdbcClient(JdbcDriver.MARIADB_3).connect(root, Map.of());
  }

  private String log() {
    return Docker.run("logs", proxy);
  }

  private static long size(String image) {
    return Long.parseLong(Docker.run("image", "inspect", "--format={{.Size}}", image));
  }
}
