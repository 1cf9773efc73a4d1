package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A proxy that ends while clients are busy. */
class DrainIT {
  private static final int CLIENTS = 8;

  @AutoClose private final Opened opened = new Opened();

  /** What a client was told of a statement is what the server has done. */
  @Test
  void noStatementIsBegunWithoutAnAnswer() throws Exception {
    TestServer server = Servers.mysql55();
    server.sql("CREATE DATABASE drained", "CREATE TABLE drained.t (client INT, n INT)");
    ProxyProcess process =
        opened.keep(
            ProxyProcess.start(
                ProxyProcess.options("unix:" + server.socket().orElseThrow(), "drain-timeout=4")));
    InetSocketAddress address = process.ready();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<CompletableFuture<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        RawClient client = opened.keep(RawClient.loggedIn(address, ClientTls.NONE, "root"));
        client.run("DO 1");
        clients.add(
            CompletableFuture.supplyAsync(() -> insertUntilToldToGo(client, number), threads));
      }

      process.terminate();

      for (int i = 0; i < CLIENTS; i++) {
        int answered = clients.get(i).get(2, TimeUnit.MINUTES);
        assertTrue(answered > 0);
        assertEquals(
            List.of(List.of(String.valueOf(answered))),
            server.sql("SELECT COUNT(*) FROM drained.t WHERE client = " + i));
      }
      assertEquals(0, process.status(), process.errors()::toString);
    } finally {
      threads.shutdownNow();
      server.sql("DROP DATABASE drained");
    }
  }

  /** How many statements were answered by OK. */
  private static int insertUntilToldToGo(RawClient client, int number) {
    try {
      for (int n = 0; ; n++) {
        client.send(0, Wire.query("INSERT INTO drained.t VALUES (" + number + ", " + n + ")"));
        Packet answer = client.read();
        if (!answer.isOk()) {
          assertEquals(1053, answer.errorCode(), answer::toString);
          return n;
        }
      }
    } catch (IOException e) {
      throw new AssertionError("client " + number, e);
    }
  }
}
