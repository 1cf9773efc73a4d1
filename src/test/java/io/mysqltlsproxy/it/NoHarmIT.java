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
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that vanish do not make a server block the proxy. Servers do not count errors of loopback
 * addresses, so these run in a network namespace, where the proxy's address is another.
 */
class NoHarmIT {
  private static final int MAX_CONNECT_ERRORS = 10;
  private static final int CLIENTS = 200;

  /** More with {@code -Dno-harm.rounds=50}, in search of what happens now and then. */
  private static final int ROUNDS = Integer.getInteger("no-harm.rounds", 1);

  private static final String[] OPTIONS = {
    "--max-connect-errors=" + MAX_CONNECT_ERRORS, "--max-connections=" + 2 * CLIENTS
  };

  /** They come faster than a busy server can be taken leave of. */
  private static final String ALL_AT_ONCE = "max-unauthenticated=0";

  @AutoClose private static @Nullable NetworkNamespace namespace;

  @BeforeAll
  static void createTheNamespace() throws IOException {
    NetworkNamespace.unavailable().ifPresent(reason -> abort(reason));
    namespace = NetworkNamespace.create();
  }

  /** Where a client gives up. */
  enum Stage {
    BEFORE_THE_GREETING {
      @Override
      RawClient reach(RunningProxy proxy) throws IOException {
        return RawClient.connect(proxy.address());
      }
    },
    BEFORE_ITS_SSL_REQUEST {
      @Override
      RawClient reach(RunningProxy proxy) throws IOException {
        return proxy.greet();
      }
    },
    BEFORE_ITS_CLIENT_HELLO {
      @Override
      RawClient reach(RunningProxy proxy) throws IOException {
        RawClient client = proxy.greet();
        client.send(1, Wire.sslRequest(Wire.USUAL));
        return client;
      }
    },
    BEFORE_ITS_LOGIN {
      @Override
      RawClient reach(RunningProxy proxy) throws IOException {
        return proxy.encrypt();
      }
    },
    IN_ITS_LOGIN {
      @Override
      RawClient reach(RunningProxy proxy) throws IOException {
        RawClient client = proxy.encrypt();
        client.sendRaw(Wire.header(60, 2).text("half").bytes());
        return client;
      }
    },
    BEHIND_ITS_LOGIN {
      @Override
      RawClient reach(RunningProxy proxy) throws IOException {
        RawClient client = proxy.encrypt();
        client.send(2, Wire.login(Wire.USUAL, "app", new byte[0], "no_such_plugin"));
        return client;
      }
    };

    abstract RawClient reach(RunningProxy proxy) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void mysql55BlocksNobodyAfter200ClientsThatVanish(Stage stage) throws Exception {
    try (TestServer server = mysql55()) {
      InetSocketAddress address = server.address();
      try (RunningProxy proxy = RunningProxy.before(address, ALL_AT_ONCE)) {
        for (int round = 0; round < ROUNDS; round++) {
          vanish(proxy, stage);

          assertComesIn(proxy);
        }
      }
    }
  }

  @Test
  void mysql55BlocksNobodyAfter50QuestionsForReadiness() throws Exception {
    try (TestServer server = mysql55();
        RunningProxy proxy = RunningProxy.before(server.address())) {
      for (int i = 0; i < 50; i++) {
        assertEquals(Optional.empty(), proxy.probe());
      }

      assertComesIn(proxy);
    }
  }

  @Test
  void mysql55WouldBlockAHostWhoseHandshakesBreakOff() throws Exception {
    try (TestServer server = mysql55()) {
      InetSocketAddress address = server.address();

      breakOff(address, MAX_CONNECT_ERRORS + 1);

      Await.assertBecomes(1129, () -> greetingsErrorCode(address));
    }
  }

  @Test
  void mysql56CountsNoHandshakeErrorAfter200ClientsThatVanishAtEveryStage() throws Exception {
    try (TestServer server = mysql56()) {
      InetSocketAddress address = server.address();
      try (RunningProxy proxy = RunningProxy.before(address, ALL_AT_ONCE)) {
        for (Stage stage : Stage.values()) {
          vanish(proxy, stage);
        }

        assertComesIn(proxy);
        assertEquals(0, handshakeErrors(server));
      }
      // Root comes from there too, and must not be blocked.
      breakOff(address, MAX_CONNECT_ERRORS / 2);
      assertTrue(
          Await.until(() -> handshakeErrors(server) > 0),
          "this server counts no handshake errors at all");
    }
  }

  private static TestServer mysql55() throws IOException {
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    return withAccount(Mysql55.startIn(requireNonNull(namespace), OPTIONS));
  }

  private static TestServer mysql56() throws IOException {
    Mysql56.unavailable().ifPresent(reason -> abort(reason));
    return withAccount(Mysql56.startIn(requireNonNull(namespace), OPTIONS));
  }

  private static TestServer withAccount(TestServer server) {
    server.sql("CREATE USER 'app'@'%'", "FLUSH PRIVILEGES");
    return server;
  }

  private static int handshakeErrors(TestServer server) {
    return Integer.parseInt(
        server
            .sql("SELECT SUM(COUNT_HANDSHAKE_ERRORS) FROM performance_schema.host_cache")
            .get(0)
            .get(0));
  }

  private static int greetingsErrorCode(InetSocketAddress server) throws IOException {
    try (RawClient client = RawClient.connect(server)) {
      return client.read().errorCode();
    }
  }

  /** What a proxy without care for its server would do to it. */
  private static void breakOff(InetSocketAddress server, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (RawClient client = RawClient.connect(server)) {
        client.read();
      }
    }
  }

  private static void vanish(RunningProxy proxy, Stage stage) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      RawClient client = stage.reach(proxy);
      if (i % 2 == 0) {
        client.reset();
      } else {
        client.socket().close();
      }
    }
    Await.assertBecomes(0, proxy::connections);
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
