package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One address cannot keep out all others. */
@Timeout(180)
class FairnessIT {
  private static final int ATTACKERS = 75;
  private static final int GOOD_ADDRESSES = 5;
  private static final Duration ATTACK = Duration.ofSeconds(6);

  @AutoClose private final Opened opened = new Opened();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger waiting = new AtomicInteger();

  @Test
  void atLeast95PercentOfTheLoginsOfFiveOtherAddressesSucceedWithinASecond() throws Exception {
    RunningProxy proxy = opened.keep(RunningProxy.before(Servers.mysql55().address()));
    attack(proxy.address());

    List<Long> millis = goodLogins(proxy.address());

    long soon = millis.stream().filter(each -> each <= 1000).count();
    assertTrue(millis.size() >= 50, millis.size() + " logins were tried");
    assertTrue(soon >= 0.95 * millis.size(), soon + " of " + millis.size() + ": " + millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "V1"})
  void behindABalancerAClientsOwnAddressCounts(String towardsServer) throws Exception {
    RunningProxy proxy =
        opened.keep(
            RunningProxy.before(
                opened
                    .keep(
                        ScriptedServer.start(
                            session -> {
                              if (towardsServer.equals("V1")) {
                                while (session.socket().getInputStream().read() != '\n') {
                                  // The header's line.
                                }
                              }
                              session.send(0, Wire.greeting());
                              ScriptedServer.login(session);
                            }))
                    .address(),
                "proxy-protocol-networks=127.0.0.1",
                "backend-proxy-protocol=" + towardsServer,
                "max-unauthenticated=8"));
    List<RawClient> greedy = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      greedy.add(announced(proxy.address(), "192.0.2.1"));
      assertEquals(10, greedy.get(i).read().first());
    }

    assertTrue(Await.until(() -> isRefused(proxy.address(), "192.0.2.1")));

    assertEquals(10, announced(proxy.address(), "192.0.2.2").read().first());
  }

  /** Where the server need not be told the address, it may greet before the header has come. */
  private boolean isRefused(InetSocketAddress proxy, String address) throws IOException {
    try (RawClient client = announced(proxy, address)) {
      client.socket().setSoTimeout(1000);
      Packet first = client.read();
      return (first.first() == 10 ? client.read() : first).errorCode() == 1040;
    } catch (SocketTimeoutException onlyGreeted) {
      return false;
    }
  }

  private RawClient announced(InetSocketAddress proxy, String address) throws IOException {
    RawClient client = opened.keep(RawClient.connect(proxy));
    client.sendRaw(
        ("PROXY TCP4 " + address + " 127.0.0.1 40000 3306\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  /** All from 127.0.0.1, each back as soon as it is thrown out. */
  private void attack(InetSocketAddress proxy) throws Exception {
    byte[] hello = RawClient.clientHello(ClientTls.NONE);
    for (int i = 0; i < ATTACKERS; i++) {
      int kind = i % 4;
      Thread attacker = new Thread(() -> attack(proxy, kind, hello), "attacker-" + i);
      attacker.setDaemon(true);
      attacker.start();
    }
    assertTrue(Await.until(() -> waiting.get() >= 40), () -> waiting + " attackers wait");
  }

  private void attack(InetSocketAddress proxy, int kind, byte[] hello) {
    while (!over.get()) {
      try (RawClient client = RawClient.connect(proxy)) {
        if (client.read().first() == 10) {
          waiting.incrementAndGet();
          if (kind > 0) {
            client.send(1, Wire.sslRequest(Wire.USUAL));
          }
          if (kind > 1) {
            client.sendRaw(Arrays.copyOf(hello, kind == 2 ? hello.length / 2 : hello.length));
          }
          while (!over.get() && client.socket().getInputStream().read() >= 0) {
            // It stays as long as it may.
          }
        } else {
          Thread.sleep(20);
        }
      } catch (IOException thrownOut) {
        // And back.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private List<Long> goodLogins(InetSocketAddress proxy) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(GOOD_ADDRESSES);
    try {
      List<Callable<List<Long>>> each = new ArrayList<>();
      for (int i = 2; i < 2 + GOOD_ADDRESSES; i++) {
        InetAddress own = InetAddress.getByName("127.0.0." + i);
        each.add(() -> goodLogins(proxy, own));
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> some : clients.invokeAll(each)) {
        all.addAll(some.get());
      }
      return all;
    } finally {
      over.set(true);
      clients.shutdownNow();
    }
  }

  private static List<Long> goodLogins(InetSocketAddress proxy, InetAddress own) {
    List<Long> millis = new ArrayList<>();
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < ATTACK.toNanos()) {
      long start = System.nanoTime();
      long took = Long.MAX_VALUE;
      try (RawClient client =
          RawClient.over(new Socket(proxy.getAddress(), proxy.getPort(), own, 0))) {
        if (client.read().first() == 10) {
          client.send(1, Wire.sslRequest(Wire.USUAL));
          client.startTls(ClientTls.NONE);
          client.logIn("root");
          took = Duration.ofNanos(System.nanoTime() - start).toMillis();
          client.send(0, new byte[] {1});
        }
      } catch (IOException failed) {
        // It counts as one that took forever.
      }
      millis.add(took);
    }
    return millis;
  }
}
