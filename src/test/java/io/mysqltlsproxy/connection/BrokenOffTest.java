package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Authentications that do not come to an end of their own, at the login and at a change of user.
 */
class BrokenOffTest {
  private static final byte[] NO_PASSWORD = {};
  private static final String SCRAMBLE = "12345678abcdefghijkl";
  private static final int MEBIBYTE = 1 << 20;
  private static final int TIMEOUT_SECONDS = 60;

  /** Or the answer could come because the time is over. */
  private static final String NO_TIMEOUT = "connect-timeout=600";

  @Test
  void aServerWhosePluginIsRefusedGetsAnAnswerAllTheSame() throws Exception {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    try (ScriptedServer server =
            ScriptedServer.start(
                session -> {
                  session.send(0, Wire.greeting());
                  if (ScriptedServer.login(session)) {
                    session.send(2, Wire.authSwitchRequest("mysql_clear_password", SCRAMBLE));
                    answer.complete(session.read().payload());
                    session.send(4, Wire.err(1045, "28000", "denied"));
                  }
                });
        RunningProxy proxy = RunningProxy.before(server.address(), NO_TIMEOUT);
        RawClient client = proxy.encrypt()) {
      client.send(2, Wire.login("app"));

      assertEquals(1105, client.read().errorCode());
      assertArrayEquals(NO_PASSWORD, answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void aServerWhoseClientVanishesInAChangeOfUserGetsAnAnswerAllTheSame() throws Exception {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    try (ScriptedServer server =
            ScriptedServer.start(
                ScriptedServer.admitting(
                    session -> {
                      session.read();
                      session.send(1, Wire.authSwitchRequest(Wire.NATIVE, SCRAMBLE));
                      answer.complete(session.read().payload());
                      session.send(3, Wire.err(1045, "28000", "denied"));
                    }));
        RunningProxy proxy = RunningProxy.before(server.address())) {
      RawClient client = proxy.encrypt();
      client.logIn("app");
      client.send(0, Wire.changeUser("app", NO_PASSWORD, Wire.NATIVE));
      assertEquals(0xFE, client.read().first());

      client.reset();

      assertArrayEquals(NO_PASSWORD, answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void aClientThatFloodsBehindAPipelinedChangeOfUserIsNotRead() throws Exception {
    CompletableFuture<Void> seen = new CompletableFuture<>();
    try (ScriptedServer server =
            ScriptedServer.start(
                ScriptedServer.admitting(
                    session -> {
                      session.read();
                      seen.join();
                    }));
        RunningProxy proxy = RunningProxy.before(server.address())) {
      RawClient client = proxy.encrypt();
      client.sendRaw(loginAndQueryAndChangeOfUser());
      assertTrue(client.read().isOk());

      AtomicInteger mebibytes = new AtomicInteger();
      Thread flood = new Thread(() -> flood(client, mebibytes));
      flood.setDaemon(true);
      flood.start();
      waitUntilNothingMoves(mebibytes);

      seen.complete(null);
      assertTrue(mebibytes.get() < 32, mebibytes + " MiB were taken while nobody may read them");
    }
  }

  private static void waitUntilNothingMoves(AtomicInteger count) throws InterruptedException {
    int before;
    do {
      before = count.get();
      TimeUnit.MILLISECONDS.sleep(500);
    } while (count.get() != before || before == 0);
  }

  private static byte[] loginAndQueryAndChangeOfUser() {
    return Unpooled.wrappedBuffer(
            Wire.packet(2, Wire.login("app")),
            Wire.packet(0, Wire.query("SELECT SLEEP(1000)")),
            Wire.packet(0, Wire.changeUser("app", NO_PASSWORD, Wire.NATIVE)))
        .copy()
        .array();
  }

  private static void flood(RawClient client, AtomicInteger mebibytes) {
    byte[] block = new byte[MEBIBYTE];
    try {
      while (mebibytes.get() < 200) {
        client.sendRaw(block);
        mebibytes.incrementAndGet();
      }
    } catch (IOException e) {
      // The other side has ended; what it took until then is counted.
    }
  }
}
