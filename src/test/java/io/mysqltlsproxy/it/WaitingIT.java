package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may take time: a server over its answers, and a client between its commands. */
class WaitingIT {
  private ScriptedServer server = politeServer();
  private RunningProxy proxy = proxy();

  @AfterEach
  void end() throws IOException {
    proxy.close();
    server.close();
    assertEquals(List.of(), proxy.complaints());
  }

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
    proxy.close();
    proxy = RunningProxy.before(server.address(), "connect-timeout=2");
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login("root"));
    client.read();

    Thread.sleep(5_000);

    client.send(0, Wire.query("SELECT 1"));
    assertTrue(client.read().isOk());
    assertEquals(1, proxy.connections());
  }

  @Test
  void aServerThatAnswersACommandVeryLateIsWaitedFor() throws Exception {
    serve(
        session -> {
          session.send(0, Wire.greeting());
          session.read();
          session.send(2, Wire.ok());
          session.read();
          sleep(5_000);
          session.send(1, Wire.ok());
        });
    proxy.close();
    proxy = RunningProxy.before(server.address(), "connect-timeout=2");
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login("root"));
    client.read();

    client.send(0, Wire.query("SELECT SLEEP(5)"));

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

  private void serve(ScriptedServer.Script script) throws IOException {
    proxy.close();
    server.close();
    server = ScriptedServer.start(script);
    proxy = proxy();
  }

  private static ScriptedServer politeServer() {
    try {
      return ScriptedServer.polite();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RunningProxy proxy() {
    return RunningProxy.before(server.address());
  }
}
