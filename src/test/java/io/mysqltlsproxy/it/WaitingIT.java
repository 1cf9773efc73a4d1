package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.ServerRecord;
import io.mysqltlsproxy.testing.Wire;
import io.mysqltlsproxy.testing.WithScriptedServer;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who may take time: a server over its answers, and a client between its commands. */
class WaitingIT extends WithScriptedServer {
  @Test
  void aCommandBehindAnUnfinishedLoginIsHeldUntilTheServersOk() throws Exception {
    CountDownLatch letIn = new CountDownLatch(1);
    serve(
        session -> {
          session.send(0, Wire.greeting());
          session.read();
          await(letIn);
          session.send(2, Wire.ok());
          ScriptedServer.answerCommands(session);
        });
    RawClient client = proxy.encrypt();
    byte[] query = Wire.packet(0, Wire.query("SELECT 'held'"));
    client.sendRaw(Wire.of().add(Wire.packet(2, Wire.login("root"))).add(query).bytes());

    assertStays(() -> !ServerRecord.text(server.session()).contains("held"));
    letIn.countDown();

    assertTrue(client.read().isOk());
    Packet answer = client.read();
    assertTrue(answer.isOk());
    assertEquals(1, answer.sequenceId());
    assertTrue(ServerRecord.text(server.session()).contains("held"));
  }

  /** The client answers nothing between {@code 01 03} and OK, so its command comes there. */
  @Test
  void aCommandBehindALoginThatEndsInFastAuthenticationIsHeldUntilTheServersOk() throws Exception {
    CountDownLatch letIn = new CountDownLatch(1);
    serve(
        session -> {
          session.send(0, Wire.greeting(Wire.USUAL, "caching_sha2_password"));
          session.read();
          session.send(2, Wire.of(1, 3).bytes());
          await(letIn);
          session.send(3, Wire.ok());
          ScriptedServer.answerCommands(session);
        });
    RawClient client = proxy.encrypt();
    byte[] login = Wire.login(Wire.USUAL, "root", new byte[32], "caching_sha2_password");
    byte[] query = Wire.packet(0, Wire.query("SELECT 'held'"));
    client.sendRaw(Wire.of().add(Wire.packet(2, login)).add(query).bytes());

    assertArrayEquals(new byte[] {1, 3}, client.read().payload());
    assertStays(() -> !ServerRecord.text(server.session()).contains("held"));
    letIn.countDown();

    Packet ok = client.read();
    assertTrue(ok.isOk(), ok.toString());
    assertEquals(4, ok.sequenceId());
    assertEquals(1, client.read().sequenceId());
    assertTrue(ServerRecord.text(server.session()).contains("held"));
  }

  @Test
  void aLoginThatTheServerAnswersLateComesIn() throws Exception {
    serve(
        session -> {
          session.send(0, Wire.greeting());
          session.read();
          sleep(3_000);
          session.send(2, Wire.ok());
          ScriptedServer.answerCommands(session);
        });
    RawClient client = proxy.encrypt();

    client.send(2, Wire.login("root"));

    assertTrue(client.read().isOk());
  }

  @Test
  void aSessionThatIsIdleOutlastsTheConnectTimeout() throws Exception {
    restartProxy("connect-timeout=4");
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login("root"));
    client.read();

    Thread.sleep(6_000);

    client.send(0, Wire.query("SELECT 1"));
    assertTrue(client.read().isOk());
    assertEquals(1, proxy.connections());
  }

  @Test
  void aServerThatAnswersACommandVeryLateIsWaitedFor() throws Exception {
    serve(
        ScriptedServer.admitting(
            session -> {
              session.read();
              sleep(6_000);
              session.send(1, Wire.ok());
            }));
    restartProxy("connect-timeout=4");
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login("root"));
    client.read();

    client.send(0, Wire.query("SELECT SLEEP(6)"));

    assertTrue(client.read().isOk());
  }

  @Test
  void aClientThatClosesGentlyAfterItsLastCommandHasItExecuted() throws Exception {
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login("root"));
    client.read();

    client.send(0, Wire.query("DELETE FROM t"));
    client.send(0, new byte[] {1});
    client.close();

    assertTrue(server.session().isOver());
    assertTrue(ServerRecord.text(server.session()).contains("DELETE FROM t"));
    assertTrue(ServerRecord.text(server.session()).endsWith("\1\0\0\0\1"));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void assertStays(Condition condition) throws Exception {
    for (int i = 0; i < 25; i++) {
      Thread.sleep(20);
      assertTrue(condition.holds());
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void sleep(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
