package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.auth.LoginException;
import io.mysqltlsproxy.net.Transports;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadTest {
  private static final int CLIENTS = 4;

  private final EventLoopGroup loops = Transports.best().newGroup(1);
  private final CountDownLatch failed = new CountDownLatch(1);
  private final AtomicInteger connections = new AtomicInteger();

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void clientsThatAreLetInAfterTheRunHasFailedTakeTheirLeave() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(this::refuseOneAndKeepTheOthersWaiting)) {
      LoginException failure =
          assertThrows(LoginException.class, () -> load().hold(target(server), CLIENTS));
      failed.countDown();

      assertTrue(String.valueOf(failure.getMessage()).startsWith("ERROR 1040"), failure.toString());
      Await.assertBecomes(CLIENTS, () -> server.sessions().size());
      for (ScriptedServer.Session session : server.sessions()) {
        assertTrue(session.isOver(), "the connection is closed");
      }
    }
  }

  @Test
  void theVeryFirstLoginsAreAmongTheFirst() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite()) {
      List<LoginCost> costs =
          load().logins(target(server), CLIENTS, List.of(CLIENTS, 40), Duration.ofMinutes(1));

      assertEquals(List.of(CLIENTS, 40), costs.stream().map(LoginCost::logins).toList());
      assertTrue(server.sessions().size() >= 40, "as many connections as logins");
    }
  }

  @Test
  void loginsThatTakeTooLongAreNotWaitedFor() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(this::letFourIn)) {
      List<LoginCost> costs =
          load().logins(target(server), CLIENTS, List.of(CLIENTS, 40), Duration.ofMillis(100));

      assertEquals(List.of(CLIENTS), costs.stream().map(LoginCost::logins).toList());
      failed.countDown();
    }
  }

  private Load load() {
    return new Load(
        loops, new Account("engineer", new byte[0], ""), Duration.ZERO, Duration.ofSeconds(1));
  }

  private static Target target(ScriptedServer server) {
    return new Target("direct", server.address(), Optional.empty(), false, Optional.empty());
  }

  private void letFourIn(ScriptedServer.Session session) throws IOException {
    if (connections.getAndIncrement() >= CLIENTS) {
      waitForTheEnd();
    }
    ScriptedServer.polite(session);
  }

  private void refuseOneAndKeepTheOthersWaiting(ScriptedServer.Session session) throws IOException {
    if (connections.getAndIncrement() == 0) {
      session.send(0, Wire.err(1040, "08004", "Too many connections"));
      return;
    }
    waitForTheEnd();
    ScriptedServer.polite(session);
  }

  private void waitForTheEnd() {
    try {
      failed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
