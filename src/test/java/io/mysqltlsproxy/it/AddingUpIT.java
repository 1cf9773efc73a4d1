package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients at once, good ones and all sorts of others, through a proxy process to a real MySQL
 * 5.5.9: what the metrics say is what happened, and the bytes are those that a relay on each side
 * has counted. The metrics are read once, when all is over, since reading them asks the server.
 */
class AddingUpIT {
  /** A greeting or a farewell and its answer, at most. */
  private static final int PROBE_BYTES = 250;

  /** One every five seconds. */
  private static final int MAX_PROBES = 20;

  private static final int THREADS = 8;
  private static final int ROUNDS = 12;
  private static final int EACH = THREADS * ROUNDS;
  private static final int QUERIES = 5;
  private static final byte COM_QUIT = 1;

  /** Of TLS 1.3, in bytes: a client may send it when the proxy has closed and reads no more. */
  private static final int LAST_ALERT = 24;

  private final Relay toServer;
  private final TestServer server;

  AddingUpIT() throws IOException {
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    server = ServerKind.MYSQL_5_5.server();
    toServer = Relay.to(server.address());
  }

  /**
   * One client's way through the proxy. Its socket is closed below TLS, whose last word would
   * mostly come when the proxy does not read any more, so that only the relay would count it.
   */
  private enum Kind {
    RIGHT {
      @Override
      void visit(RawClient client) throws IOException {
        encrypt(client, ClientTls.LAURA);
        client.logIn("counted");
        for (int i = 0; i < QUERIES; i++) {
          client.run("DO REPEAT('x', " + 1000 * i + ")");
        }
        client.send(0, new byte[] {COM_QUIT});
        assertTrue(client.isAtEnd());
      }
    },
    WRONG_PASSWORD {
      @Override
      void visit(RawClient client) throws IOException {
        encrypt(client, ClientTls.LAURA);
        client.send(2, Wire.login(Wire.USUAL, "counted", new byte[20], Wire.NATIVE));
        assertEquals(1045, client.read().errorCode());
      }
    },
    REFUSED_BY_RULE {
      @Override
      void visit(RawClient client) throws IOException {
        encrypt(client, ClientTls.NONE);
        client.send(2, Wire.login("counted"));
        assertEquals(1045, client.read().errorCode());
      }
    },
    PLAIN {
      @Override
      void visit(RawClient client) throws IOException {
        client.send(1, Wire.login("counted"));
        assertEquals(3159, client.read().errorCode());
      }
    },
    FOREIGN_CERTIFICATE {
      @Override
      void visit(RawClient client) throws IOException {
        try {
          encrypt(client, ClientTls.FOREIGN);
        } catch (SSLException | SocketException alert) {
          return;
        }
        // In TLS 1.3 the alert comes behind the client's handshake.
        assertTrue(client.isAtEnd());
      }
    },
    NO_TLS_AT_ALL {
      @Override
      void visit(RawClient client) throws IOException {
        client.send(1, Wire.sslRequest(Wire.USUAL));
        client.sendRaw(new byte[64]);
        client.readToTheEnd(1000);
      }
    },
    VANISHES_BEFORE_TLS {
      @Override
      void visit(RawClient client) throws IOException {
        client.reset();
      }
    },
    VANISHES_BEFORE_ITS_LOGIN {
      @Override
      void visit(RawClient client) throws IOException {
        encrypt(client, ClientTls.LAURA);
      }
    };

    /** Begins where the greeting has come. */
    abstract void visit(RawClient client) throws IOException;

    private static void encrypt(RawClient client, SSLContext tls) throws IOException {
      client.send(1, Wire.sslRequest(Wire.USUAL));
      client.startTls(tls);
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void everyConnectionIsCountedOnceAndEveryByte(@TempDir Path dir) throws Exception {
    server.sql("GRANT USAGE ON *.* TO 'counted'@'%'");
    Path rules =
        Files.writeString(dir.resolve("accounts.sql"), "ALTER USER 'counted'@'%' REQUIRE X509;\n");
    try (ProxyProcess process =
            ProxyProcess.before(
                toServer.address(), "accounts=" + rules, "admin-address=127.0.0.1:0");
        Relay toProxy = Relay.to(process.ready())) {
      AdminClient admin = AdminClient.of(process);

      visitAllAtOnce(toProxy.address());
      rest(admin, toProxy);
      double fromServer = toServer.back();
      double towardsServer = toServer.towards();
      AdminClient.Metrics metrics = admin.metrics();

      int all = EACH * Kind.values().length;
      assertEquals(all, metrics.sum("connections_total"), metrics::text);
      assertEquals(EACH, metrics.sum("logins_total"));
      assertEquals(EACH, metrics.sum("closes_total"));
      assertEquals(EACH, metrics.sum("refusals_total{reason=\"denied_by_server\""));
      assertEquals(EACH, metrics.sum("refusals_total{reason=\"rule\""));
      assertEquals(EACH, metrics.sum("refusals_total{reason=\"insecure_transport\""));
      assertEquals(EACH, metrics.sum("refusals_total{reason=\"client_certificate\""));
      assertEquals(EACH, metrics.sum("failures_total{reason=\"tls_handshake\""));
      assertEquals(2 * EACH, metrics.sum("failures_total{reason=\"client_closed\""));
      assertEquals(
          all,
          metrics.sum("logins_total")
              + metrics.sum("refusals_total")
              + metrics.sum("failures_total"));
      assertEquals(0, metrics.sum("connections_open"));
      assertEquals(4 * EACH, metrics.sum("tls_handshakes_total"));
      assertEquals((double) toProxy.back(), metrics.sum("sent_bytes_total{side=\"client\""));
      assertOnlyProbes(fromServer - metrics.sum("received_bytes_total{side=\"server\""));
      assertOnlyProbes(towardsServer - metrics.sum("sent_bytes_total{side=\"server\""));
      double unread = toProxy.towards() - metrics.sum("received_bytes_total{side=\"client\"");
      assertTrue(unread >= 0 && unread <= all * LAST_ALERT, () -> unread + " bytes of clients");
      for (String work : List.of("handshake", "encrypt", "decrypt")) {
        assertTrue(metrics.sum("tls_work_seconds_total{operation=\"" + work + "\"") > 0, work);
      }
    } finally {
      toServer.close();
    }
  }

  /** The proxy asks the server every few seconds whether it greets; that is no client's traffic. */
  private static void assertOnlyProbes(double bytes) {
    assertTrue(bytes >= 0 && bytes <= MAX_PROBES * PROBE_BYTES, () -> bytes + " bytes too many");
  }

  /** Every thread visits in another order. */
  private static void visitAllAtOnce(InetSocketAddress proxy) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> visitors = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread;
        visitors.add(
            () -> {
              Kind[] kinds = Kind.values();
              for (int i = 0; i < ROUNDS * kinds.length; i++) {
                try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
                  RawClient client = RawClient.over(socket);
                  assertEquals(10, client.read().first());
                  kinds[(first + i) % kinds.length].visit(client);
                }
              }
              return null;
            });
      }
      for (Future<Void> visitor : threads.invokeAll(visitors)) {
        visitor.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Waits until nobody is connected, and a second has passed in which no byte came. */
  private void rest(AdminClient admin, Relay toProxy) throws Exception {
    List<Long> before = List.of();
    List<Long> now = counts(toProxy);
    for (int i = 0; i < 60 && !(now.equals(before) && isEmpty(admin)); i++) {
      TimeUnit.SECONDS.sleep(1);
      before = now;
      now = counts(toProxy);
    }
  }

  private static boolean isEmpty(AdminClient admin) throws Exception {
    return !admin.get("/connections?format=json").body().contains("\"peer\"");
  }

  private List<Long> counts(Relay toProxy) {
    return List.of(toProxy.towards(), toProxy.back(), toServer.towards(), toServer.back());
  }
}
