package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.connection.CloseReason;
import io.mysqltlsproxy.connection.LiveConnection;
import io.mysqltlsproxy.connection.Phase;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The list of live connections, and how one of them is closed from outside. */
class LiveConnectionsIT {
  private static final String WHY = "the test says so";

  private final TestServer server = Servers.mysql55();

  @Test
  void itSaysWhoIsConnectedAndHowHeCameIn() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(server.address(), "require=X509");
        RawClient laura = logIn(proxy)) {
      laura.send(0, Wire.query("SELECT CONNECTION_ID()"));
      for (int i = 0; i < 3; i++) {
        laura.read();
      }
      byte[] row = laura.read().payload();
      String id = new String(row, 1, row[0], StandardCharsets.US_ASCII);

      LiveConnection seen = proxy.live().all().get(0);

      assertEquals(id, String.valueOf(seen.id().orElseThrow()));
      assertEquals("127.0.0.1:" + laura.localPort(), seen.peer());
      assertEquals(Phase.COMMANDS, seen.standing().phase());
      assertTrue(seen.connectedAt().isBefore(seen.standing().since()));
      assertTrue(seen.standing().since().isAfter(Instant.now().minus(Duration.ofMinutes(1))));
      assertEquals("root", seen.admitted().orElseThrow().login().user());
      assertEquals("--require", seen.admitted().orElseThrow().rule());
      assertEquals("TLSv1.3", seen.transport().tlsVersion());
      assertEquals(
          "CN=laura",
          seen.transport().clientCertificate().orElseThrow().getSubjectX500Principal().getName());
    }
  }

  @Test
  void aClientBeforeItsLoginIsListedAndGoesWhenItLeaves() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      RawClient client = proxy.greet();
      LiveConnection seen = proxy.live().all().get(0);
      assertEquals(Phase.SSL_REQUEST, seen.standing().phase());
      assertTrue(seen.admitted().isEmpty());

      client.close();

      Await.assertBecomes(0, () -> proxy.live().size());
    }
  }

  @Test
  void anIdleClientLearnsThatItsConnectionIsClosedAndTheServerSeesItQuit() throws Exception {
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    try (TestServer own = Mysql55.start();
        RunningProxy proxy = RunningProxy.before(own.address());
        RawClient laura = logIn(proxy)) {
      String aborted = aborted(own);
      String id = String.valueOf(proxy.live().all().get(0).id().orElseThrow());

      proxy.live().all().get(0).close(CloseReason.NO_LONGER_ADMITTED, WHY);

      Packet last = laura.read();
      assertEquals(1927, last.errorCode());
      assertTrue(last.errorText().contains("Connection was killed"), last::errorText);
      assertTrue(laura.isAtEnd());
      assertEquals("disconnected: connection " + id + " of user 'root': " + WHY, proxy.line(laura));
      String sql = "SELECT id FROM information_schema.processlist WHERE id = " + id;
      Await.assertBecomes(List.of(), () -> own.sql(sql));
      assertEquals(aborted, aborted(own));
    }
  }

  @Test
  void aClientThatWaitsForAnAnswerGetsTheErrorForIt() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient laura = logIn(proxy)) {
      laura.send(0, Wire.query("SELECT SLEEP(10)"));
      String sql = "SELECT 1 FROM information_schema.processlist WHERE info = 'SELECT SLEEP(10)'";
      Await.until(() -> !server.sql(sql).isEmpty());

      proxy.live().all().get(0).close(CloseReason.NO_LONGER_ADMITTED, WHY);

      Packet last = laura.read();
      assertEquals(1, last.sequenceId());
      assertEquals(1927, last.errorCode());
      assertTrue(laura.isAtEnd());
    }
  }

  @Test
  void inTheMidstOfAPacketNothingOfTheProxysReachesTheClient() throws Exception {
    byte[] half = Wire.header(100, 1).add(new byte[40]).bytes();
    try (ScriptedServer scripted =
            ScriptedServer.start(
                ScriptedServer.admitting(
                    session -> {
                      session.read();
                      session.sendRaw(half);
                    }));
        RunningProxy proxy = RunningProxy.before(scripted.address());
        RawClient laura = logIn(proxy)) {
      laura.send(0, Wire.query("SELECT 1"));
      assertArrayEquals(half, laura.read(half.length));

      proxy.live().all().get(0).close(CloseReason.NO_LONGER_ADMITTED, WHY);

      assertTrue(laura.isAtEnd());
    }
  }

  @Test
  void aClientInTheHandshakeOrBeforeItsLoginIsClosedAsWell() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient greeted = proxy.greet()) {
      proxy.live().all().get(0).close(CloseReason.NO_LONGER_ADMITTED, WHY);
      assertEquals(1927, greeted.read().errorCode());
      assertTrue(greeted.isAtEnd());
    }
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient encrypted = proxy.encrypt()) {
      LiveConnection seen = proxy.live().all().get(0);
      Await.until(() -> seen.standing().phase() == Phase.LOGIN);
      seen.close(CloseReason.NO_LONGER_ADMITTED, WHY);
      assertEquals(1927, encrypted.read().errorCode());
      assertTrue(encrypted.isAtEnd());
    }
  }

  private static RawClient logIn(RunningProxy proxy) throws IOException {
    return RawClient.loggedIn(proxy.address(), ClientTls.LAURA, "root");
  }

  private static String aborted(TestServer server) {
    return server.sql("SHOW GLOBAL STATUS LIKE 'Aborted_clients'").get(0).get(1);
  }
}
