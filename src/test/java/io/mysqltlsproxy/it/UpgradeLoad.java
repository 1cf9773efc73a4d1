package io.mysqltlsproxy.it;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Clients that reconnect, clients that hold a session with transactions, and idle ones. A client
 * may be told to go (ERR 1053) where it is outside of a transaction, and connects anew, as pools
 * do. Everything else is a failure.
 */
final class UpgradeLoad implements AutoCloseable {
  private static final int SHUTDOWN = 1053;
  private static final int RECONNECTING = 3;
  private static final int HOLDING = 3;
  private static final int IDLE = 3;

  /** A client's work, from its login to its leave. */
  private interface Work {
    /** Whether it was told to go. */
    boolean run(RawClient client) throws IOException, InterruptedException;
  }

  private final InetSocketAddress address;
  private final SSLContext tls;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger toldToGo = new AtomicInteger();
  private final AtomicInteger committed = new AtomicInteger();
  private volatile boolean ending;

  private UpgradeLoad(InetSocketAddress address, SSLContext tls) {
    this.address = address;
    this.tls = tls;
  }

  static UpgradeLoad start(InetSocketAddress address, SSLContext tls) {
    UpgradeLoad load = new UpgradeLoad(address, tls);
    for (int i = 0; i < RECONNECTING; i++) {
      load.begin("reconnecting " + i, client -> told(client, "DO 1"));
    }
    for (int i = 0; i < HOLDING; i++) {
      load.begin("holding " + i, load::transactions);
    }
    for (int i = 0; i < IDLE; i++) {
      load.begin("idle " + i, load::idle);
    }
    return load;
  }

  private void begin(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              while (!ending) {
                try (RawClient client = RawClient.greeted(address)) {
                  client.send(1, Wire.sslRequest(Wire.USUAL));
                  client.startTls(tls);
                  client.send(2, Wire.login("root"));
                  boolean told = isShutdown(client.read()) || work.run(client);
                  connected.incrementAndGet();
                  if (told) {
                    toldToGo.incrementAndGet();
                  }
                } catch (IOException | IllegalStateException e) {
                  failures.add(name + ": " + e);
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            name);
    threads.add(thread);
    thread.start();
  }

  /** Each takes a while, in which nobody may end it. */
  private boolean transactions(RawClient client) throws IOException, InterruptedException {
    while (!ending) {
      if (told(client, "BEGIN")) {
        return true;
      }
      client.run("INSERT INTO upgraded.t VALUES (1)");
      Thread.sleep(1_200);
      client.run("COMMIT");
      committed.incrementAndGet();
    }
    return false;
  }

  private boolean idle(RawClient client) throws IOException, InterruptedException {
    while (!ending && client.socket().getInputStream().available() == 0) {
      Thread.sleep(20);
    }
    return !ending && isShutdown(client.read());
  }

  /** Runs a statement outside of a transaction. */
  private static boolean told(RawClient client, String sql) throws IOException {
    client.send(0, Wire.query(sql));
    return isShutdown(client.read());
  }

  private static boolean isShutdown(Packet answer) {
    if (answer.errorCode() >= 0 && answer.errorCode() != SHUTDOWN) {
      throw new IllegalStateException(answer.toString());
    }
    return answer.errorCode() == SHUTDOWN;
  }

  /** Waits until some more connections were made and transactions committed. */
  void awaitProgress() throws InterruptedException {
    int connections = connected.get() + 5;
    int commits = committed.get() + 2;
    Await.until(
        () ->
            !failures.isEmpty() || (connected.get() >= connections && committed.get() >= commits));
  }

  void finish() throws InterruptedException {
    ending = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  List<String> failures() {
    return failures;
  }

  int committed() {
    return committed.get();
  }

  @Override
  public void close() {
    ending = true;
    threads.forEach(Thread::interrupt);
  }

  @Override
  public String toString() {
    return connected + " connections, " + committed + " transactions, " + toldToGo + " told to go";
  }
}
