package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates over their life, before a real server: {@code certs} renews everything while clients
 * log in that verify the proxy and are verified by it, and no login fails.
 */
class RenewalIT {
  private static final int CLIENTS = 3;
  private static final int LOGINS_A_STEP = 6;

  private final CertsProgram certs;
  private final AtomicInteger logins = new AtomicInteger();
  private final AtomicInteger stores = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile Path store = Path.of("");

  RenewalIT(@TempDir Path temporary) {
    certs = new CertsProgram(temporary.resolve("certs"));
  }

  @Test
  void everythingIsRenewedAndNoLoginFails() throws Exception {
    certs.run();
    certs.run("crl");
    takeTheClientsFiles();
    TestServer server = ServerKind.MYSQL_5_5.server();
    try (Opened opened = new Opened()) {
      RunningProxy proxy =
          opened.keep(
              RunningProxy.before(
                  server.address(),
                  "ssl-cert=" + certs.file("server-cert.pem"),
                  "ssl-key=" + certs.file("server-key.pem"),
                  "ssl-ca=" + certs.file("ca-cert.pem"),
                  "ssl-crl=" + certs.file("crl.pem"),
                  "require=X509"));
      AtomicBoolean over = new AtomicBoolean();
      List<Thread> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> new Thread(() -> logInUntil(over, proxy, server), "client-" + i))
              .toList();
      clients.forEach(Thread::start);
      Connection longLived = opened.keep(connect(proxy, server));

      step(proxy, "renew", "server");
      step(proxy, "renew", "server", "--key=SAME");
      step(proxy, "renew", "ca");
      certs.run("renew", "client");
      takeTheClientsFiles();
      awaitLogins();
      step(proxy, "renew", "ca", "--key=NEW");
      step(proxy, "renew", "server", "client");
      takeTheClientsFiles();
      awaitLogins();
      assertEquals("1", ask(longLived), "its certificate is of the first authority");
      step(proxy, "retire");

      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertEquals(
          List.of(), List.copyOf(failures), () -> logins + " logins; " + proxy.reloadLines());
      assertTrue(logins.get() >= 7 * LOGINS_A_STEP, logins::toString);
    }
  }

  /** Runs the command, and waits for the proxy to use its files and for clients to have met it. */
  private void step(RunningProxy proxy, String... command) throws Exception {
    long before = reloads(proxy);
    certs.run(command);
    assertTrue(Await.until(() -> reloads(proxy) > before), () -> proxy.reloadLines().toString());
    awaitLogins();
  }

  private void awaitLogins() throws InterruptedException {
    int before = logins.get();
    assertTrue(Await.until(() -> logins.get() > before + LOGINS_A_STEP), failures::toString);
  }

  private static long reloads(RunningProxy proxy) {
    return proxy.reloadLines().stream().filter(line -> line.startsWith("reloaded")).count();
  }

  private void logInUntil(AtomicBoolean over, RunningProxy proxy, TestServer server) {
    while (!over.get()) {
      try (Connection client = connect(proxy, server)) {
        assertEquals("1", ask(client));
        logins.incrementAndGet();
      } catch (SQLException e) {
        failures.add(e.toString());
      }
    }
  }

  private Connection connect(RunningProxy proxy, TestServer server) throws SQLException {
    return JdbcDriver.MARIADB_3.connect(
        proxy.port(),
        "",
        Map.of(
            "user",
            "root",
            "password",
            server.rootPassword(),
            "sslMode",
            "verify-full",
            "serverSslCert",
            certs.file("ca-cert.pem"),
            "keyStore",
            store.toUri().toString(),
            "keyStorePassword",
            ProxyCertificates.STORE_PASSWORD,
            "keyStoreType",
            "PKCS12"));
  }

  private static String ask(Connection client) throws SQLException {
    try (Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1")) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  /** A key store of the client's certificate and key as they are now. */
  private void takeTheClientsFiles() throws IOException {
    Path made = Path.of(certs.file("client-" + stores.incrementAndGet() + ".p12"));
    certs.openssl(
        "pkcs12",
        "-export",
        "-in",
        "client-cert.pem",
        "-inkey",
        "client-key.pem",
        "-out",
        made.getFileName().toString(),
        "-passout",
        "pass:" + ProxyCertificates.STORE_PASSWORD);
    assertTrue(Files.size(made) > 0);
    store = made;
  }
}
