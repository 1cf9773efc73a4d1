package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Clients that reset their connection in the moment in which the server says OK. */
class ResetAtLoginIT {
  private static final int CLIENTS = 40;

  /** A session that nobody ends stays for five seconds, the time of a farewell. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private final TestServer server = Servers.mysql55();

  @Test
  void eachIsCountedOnceAndLeavesNoSessionBehind() throws Exception {
    server.sql("GRANT USAGE ON *.* TO reset_at_login@'%'");
    try (ProxyProcess process =
        ProxyProcess.before(
            server.address(),
            "admin-address=127.0.0.1:0",
            "require-secure-transport=OFF",
            "require=NONE")) {
      var address = process.ready();
      AdminClient admin = AdminClient.of(process);
      for (int i = 0; i < CLIENTS; i++) {
        RawClient client = RawClient.greeted(address);
        client.send(1, Wire.login("reset_at_login"));
        LockSupport.parkNanos(50_000L * i);
        client.reset();
      }

      assertTrue(Await.until(() -> admin.metrics().sum("connections_open") == 0));
      long begun = System.nanoTime();
      assertTrue(Await.until(() -> sessions() == 0));
      assertTrue(System.nanoTime() - begun < SOON.toNanos(), "sessions stayed at the server");
      AdminClient.Metrics metrics = admin.metrics();
      double closed = metrics.sum("closes_total");
      double failed = metrics.sum("failures_total") + metrics.sum("refusals_total");
      assertEquals(CLIENTS, metrics.sum("connections_total"));
      assertEquals(CLIENTS, closed + failed, metrics.text());
      assertEquals(closed, metrics.sum("logins_total"), "logins, each closed once");
    }
  }

  private int sessions() {
    return server
        .sql("SELECT id FROM information_schema.processlist WHERE user = 'reset_at_login'")
        .size();
  }
}
