package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive on arm64, as an emulator has it, with the libraries for that processor. */
class Arm64IT {
  private static final String IMAGE = "mysql-tls-proxy-arm64:it";
  private static final ProxyCertificates CERTIFICATES = ProxyCertificates.shared();

  /** The emulator takes its time, which neither side may take for a client that is stuck. */
  private static final int TIMEOUT_SECONDS = 100;

  private String proxy = "";
  private Optional<TestServer> server = Optional.empty();

  @BeforeEach
  void start(@TempDir Path home) throws Exception {
    Docker.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    TestServer started = Mysql55.start("--connect-timeout=" + TIMEOUT_SECONDS);
    server = Optional.of(started);
    Docker.run("build", "--quiet", "--tag=" + IMAGE, Path.of("src/test/docker/arm64").toString());
    Archive.unpack(home);
    proxy =
        Docker.run(
            "run",
            "--detach",
            "--network=host",
            "--volume=" + home + ":/opt/mysql-tls-proxy:ro",
            "--volume=" + CERTIFICATES.directory() + ":/etc/mysql-tls-proxy:ro",
            IMAGE,
            "run",
            "--ssl-ca=ca-cert.pem",
            "--ssl-cert=server-cert.pem",
            "--ssl-key=server-key.pem",
            "--require=X509",
            "--connect-timeout=" + TIMEOUT_SECONDS,
            "--port=0",
            "--backend=127.0.0.1:" + started.port());
    Docker.await(() -> ReadyLine.isIn(log()));
  }

  @AfterEach
  void remove() {
    if (!proxy.isEmpty()) {
      Docker.succeeds("rm", "--force", proxy);
    }
    server.ifPresent(TestServer::close);
  }

  @Test
  void boringSslServesAClientWithACertificateAndOneWithoutTlsIsRefused() throws Exception {
    assertTrue(log().contains("TLS by BoringSSL"), this::log);
    Login login = new Login(ReadyLine.port(log()), "root", "", Optional.of(CERTIFICATES));
    JdbcClient client = new JdbcClient(JdbcDriver.MARIADB_3);

    Map<String, String> timeout = Map.of("connectTimeout", TIMEOUT_SECONDS + "000");

    try (Connection connection = client.connect(login, timeout)) {
      assertEquals("5.5.9", connection.getMetaData().getDatabaseProductVersion());
    }
    Login plain = new Login(login.port(), "root", "", Optional.empty());
    SQLException refused =
        assertThrows(SQLException.class, () -> client.connect(plain, timeout).close());
    assertEquals(3159, refused.getErrorCode(), refused::toString);
  }

  private String log() {
    return Docker.run("logs", proxy);
  }
}
