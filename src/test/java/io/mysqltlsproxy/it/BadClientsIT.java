package io.mysqltlsproxy.it;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.Mysql56;
import io.mysqltlsproxy.testing.NetworkNamespace;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Standstill;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bad clients of all kinds, and a server that stands still in their midst: the servers allow one
 * failed handshake and no more. {@code -Dbad.clients=10000 -Dbad.stall=16 -Dbad.connect-timeout=8}
 * makes it a long run.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class BadClientsIT {
  private static final int CLIENTS = Integer.getInteger("bad.clients", 260);
  private static final int STALL_SECONDS = Integer.getInteger("bad.stall", 9);
  private static final int CONNECT_TIMEOUT = Integer.getInteger("bad.connect-timeout", 2);
  private static final List<BadClient> KINDS = List.of(BadClient.values());
  private static final int AT_ONCE = 12;
  private static final String[] OPTIONS = {"--max-connect-errors=1", "--max-connections=400"};

  @AutoClose private static @Nullable NetworkNamespace namespace;

  private final AtomicInteger played = new AtomicInteger();
  private final Map<BadClient, AtomicInteger> failures = new EnumMap<>(BadClient.class);

  @BeforeAll
  static void createTheNamespace() throws IOException {
    NetworkNamespace.unavailable().ifPresent(reason -> abort(reason));
    namespace = NetworkNamespace.create();
  }

  @Test
  void mysql55WithOneErrorAllowedNeverBlocksTheProxy() throws Exception {
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = withAccount(Mysql55.startIn(requireNonNull(namespace), OPTIONS))) {
      play(server);
    }
  }

  @Test
  void mysql56CountsNoHandshakeError() throws Exception {
    Mysql56.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = withAccount(Mysql56.startIn(requireNonNull(namespace), OPTIONS))) {
      play(server);
      assertEquals(
          "0",
          server
              .sql("SELECT SUM(COUNT_HANDSHAKE_ERRORS) FROM performance_schema.host_cache")
              .get(0)
              .get(0));
    }
  }

  @Test
  void whileTheServerStandsStillNewClientsLearnItAtOnceAndOldOnesDoNotCount() throws Exception {
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = withAccount(Mysql55.startIn(requireNonNull(namespace), OPTIONS));
        RunningProxy proxy =
            RunningProxy.before(server.address(), "connect-timeout=" + CONNECT_TIMEOUT)) {
      Standstill standstill = Standstill.of(server);
      try {
        List<RawClient> first = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          first.add(RawClient.connect(proxy.address()));
        }
        for (RawClient client : first) {
          assertEquals(1158, client.read().errorCode());
        }
        int atOnce = 0;
        for (int i = 0; i < 100; i++) {
          try (RawClient client = RawClient.connect(proxy.address())) {
            Packet error = client.read();
            assertEquals(1158, error.errorCode());
            atOnce += error.errorText().contains("has greeted nobody for") ? 1 : 0;
          }
        }
        // One every ten seconds tries.
        assertTrue(atOnce >= 95, atOnce + " of 100 did not have to wait");
        assertTrue(proxy.ungreeted() <= 10, proxy.ungreeted() + " connections");
      } finally {
        standstill.close();
      }
      Await.assertBecomes(0, proxy::ungreeted);
      assertComesIn(proxy);
    }
  }

  private static TestServer withAccount(TestServer server) {
    server.sql("CREATE USER 'app'@'%'", "FLUSH PRIVILEGES");
    return server;
  }

  private void play(TestServer server) throws Exception {
    long begun = System.nanoTime();
    try (RunningProxy proxy =
        RunningProxy.before(server.address(), "connect-timeout=" + CONNECT_TIMEOUT)) {
      play(proxy, CLIENTS / 2);
      ExecutorService meanwhile = Executors.newSingleThreadExecutor();
      Standstill standstill = Standstill.of(server);
      try {
        meanwhile.execute(() -> playMeanwhile(proxy));
        TimeUnit.SECONDS.sleep(STALL_SECONDS);
      } finally {
        standstill.close();
      }
      meanwhile.shutdown();
      assertTrue(meanwhile.awaitTermination(5, TimeUnit.MINUTES), "clients that hang");
      play(proxy, CLIENTS - played.get());
      Await.assertBecomes(0, proxy::ungreeted);
      assertComesIn(proxy);

      assertEquals(0, proxy.linesWith("is blocked"));
      System.out.println(
          "OUT "
              + server.name()
              + ": "
              + played
              + " bad clients in "
              + Duration.ofNanos(System.nanoTime() - begun).toSeconds()
              + " s, a stall of "
              + STALL_SECONDS
              + " s among them; had no place: "
              + failures);
    }
  }

  private void playMeanwhile(RunningProxy proxy) {
    try {
      play(proxy, CLIENTS / 10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void play(RunningProxy proxy, int clients) throws InterruptedException {
    ExecutorService some = Executors.newFixedThreadPool(AT_ONCE);
    for (int i = 0; i < clients; i++) {
      BadClient kind = KINDS.get(i % KINDS.size());
      some.execute(
          () -> {
            try {
              kind.play(proxy.address());
            } catch (IOException e) {
              synchronized (failures) {
                failures.computeIfAbsent(kind, k -> new AtomicInteger()).incrementAndGet();
              }
            }
            played.incrementAndGet();
          });
    }
    some.shutdown();
    assertTrue(some.awaitTermination(20, TimeUnit.MINUTES), "clients that hang");
  }

  private static void assertComesIn(RunningProxy proxy) throws IOException {
    try (RawClient client = proxy.encrypt()) {
      client.send(2, Wire.login("app"));
      Packet answer = client.read();
      if (answer.first() == 0xFE) {
        client.send(4, new byte[0]);
        answer = client.read();
      }
      assertTrue(answer.isOk(), answer.toString());
    }
  }
}
