package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two legacy programs across a network: MySQL 5.5.9's client, {@code connect}, {@code run}, MySQL
 * 5.5.9. Neither end has TLS; what is between the proxies is nothing else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PairIT {
  private static final String PASSWORD = "open sesame";
  private static final String SECRET = "what nobody on the way shall read";

  private final Mysql55Cli client = new Mysql55Cli();
  private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
  private Path directory;
  private TestServer server;

  @BeforeAll
  void prepare(@TempDir Path temporary) {
    directory = temporary;
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    client.unavailable().ifPresent(Assumptions::abort);
    server = Servers.mysql55();
    server.sql(
        "GRANT ALL ON *.* TO 'pair'@'%' IDENTIFIED BY '" + PASSWORD + "'",
        "CREATE DATABASE IF NOT EXISTS it",
        "SET GLOBAL max_allowed_packet = 134217728");
  }

  /** A server's proxy that admits the account with the certificate of the client's proxy only. */
  private RunningProxy atTheServer() throws Exception {
    Path rules = directory.resolve("rules.sql");
    Files.writeString(
        rules, "CREATE USER 'pair'@'%' REQUIRE SUBJECT '/O=Test/CN=client';\n", UTF_8);
    return RunningProxy.before(server.address(), "accounts=" + rules, "require=X509");
  }

  private static RunningProxy atTheClient(int port, String... options) {
    return RunningProxy.connecting(port, options);
  }

  private static String[] ownCertificate() {
    ProxyCertificates certificates = ProxyCertificates.shared();
    return new String[] {
      "ssl-cert=" + certificates.clientCert(), "ssl-key=" + certificates.clientKey()
    };
  }

  private static Login login(RunningProxy proxy) {
    return new Login(proxy.port(), "pair", PASSWORD, Optional.empty());
  }

  @Test
  void theMiddleLegHoldsNoByteOfSqlOrPasswordOrName() throws Exception {
    byte[] value = new byte[1 << 20];
    new Random(55).nextBytes(value);
    try (RunningProxy run = atTheServer();
        Relay network = Relay.to(run.address(), this::capture);
        RunningProxy connect = atTheClient(network.port(), ownCertificate())) {
      assertEquals(
          List.of("pair@%", SECRET),
          client.query(login(connect), "SELECT CURRENT_USER()", "SELECT '" + SECRET + "'"));
      assertArrayEquals(value, client.echo(login(connect), value));
      Client.ConnectionIds ids = client.connectionIds(login(connect));
      assertEquals(ids.server(), ids.client());
    }
    String middle = captured.toString(ISO_8859_1);
    assertTrue(middle.contains("5.5.9"), "the greeting is not encrypted in MySQL's protocol");
    for (String hidden : List.of(SECRET, "SELECT", "CURRENT_USER", PASSWORD, "pair")) {
      assertFalse(middle.contains(hidden), hidden);
    }
  }

  private synchronized void capture(byte[] bytes, int offset, int length) {
    captured.write(bytes, offset, length);
  }

  @Test
  void withoutTheCertificateThatTheRuleNamesTheServersProxyRefuses() throws Exception {
    try (RunningProxy run = atTheServer();
        RunningProxy connect = atTheClient(run.port())) {
      Client.Failure failure =
          assertThrows(Client.Failure.class, () -> client.query(login(connect), "SELECT 1"));
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("1045 28000 Access denied"),
          failure.getMessage());
      assertTrue(Await.until(() -> connect.linesWith("the server refused the login") > 0));
    }
  }

  @Test
  void aClientWithoutAProxyOfItsOwnDoesNotGetIn() throws Exception {
    try (RunningProxy run = atTheServer()) {
      assertThrows(Client.Failure.class, () -> client.query(login(run), "SELECT 1"));
    }
  }
}
