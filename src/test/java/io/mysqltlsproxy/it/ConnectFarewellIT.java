package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.connection.Phase;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Clients of {@code connect} that leave in the middle of a login: the server counts no error. */
class ConnectFarewellIT {
  private static final int CLIENTS = 10;
  private static final int TLS_HANDSHAKE = 0x16;

  @Test
  void aClientThatLeavesDuringTheServersHandshakeIsNoErrorOfTheHost() throws Exception {
    Container.MYSQL_9_7.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server =
        Container.MYSQL_9_7.startWithTls(ProxyCertificates.shared(), "--skip-name-resolve=OFF")) {
      for (int flags : new int[] {Wire.USUAL, Wire.USUAL | Wire.LENENC_AUTH}) {
        server.sql("TRUNCATE TABLE performance_schema.host_cache");
        for (int i = 0; i < CLIENTS; i++) {
          leaveDuringTls(server, flags);
        }
        String what = "flags " + Integer.toHexString(flags);
        assertEquals("0", count(server, "COUNT_HANDSHAKE_ERRORS"), what);
        assertEquals("0", count(server, "SUM_CONNECT_ERRORS"), what);
      }
    }
  }

  private static void leaveDuringTls(TestServer server, int flags) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (Relay relay =
            Relay.to(
                server.address(),
                (bytes, offset, length) -> {
                  if (bytes[offset] == TLS_HANDSHAKE) {
                    await(gone);
                  }
                });
        RunningProxy connect = RunningProxy.connecting(relay.port())) {
      try (RawClient client = RawClient.greeted(connect.address())) {
        client.send(1, Wire.login(flags, "somebody", new byte[0], Wire.NATIVE));
        assertTrue(Await.until(() -> isInTls(connect)));
      }
      Await.assertBecomes(0, connect::connections);
      gone.countDown();
    } // which waits for the farewell
  }

  private static boolean isInTls(RunningProxy connect) {
    return connect.live().all().stream()
        .anyMatch(each -> each.standing().phase() == Phase.SERVER_TLS);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String count(TestServer server, String column) {
    return server
        .sql("SELECT COALESCE(SUM(" + column + "), 0) FROM performance_schema.host_cache")
        .get(0)
        .get(0);
  }
}
