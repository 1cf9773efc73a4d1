package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code max-connections} and {@code max-unauthenticated}. */
class LimitsIT {
  private static final byte[] TOO_MANY = Wire.packet(0, Wire.err(1040, "", "Too many connections"));

  @AutoClose private final Opened opened = new Opened();

  @Test
  void aClientBeyondMaxConnectionsGetsError1040AndTheServerDoesNotHearOfIt() throws Exception {
    ScriptedServer server = politeServer();
    RunningProxy proxy = proxy(server, "max-connections=2");
    loggedIn(proxy);
    RawClient second = loggedIn(proxy);

    RawClient third = connect(proxy);

    assertArrayEquals(TOO_MANY, third.read(TOO_MANY.length));
    assertTrue(third.isAtEnd());
    assertEquals("rejected: connection limit reached (--max-connections=2)", proxy.line(third));
    assertEquals(2, server.sessions().size());
    second.send(0, new byte[] {1});
    second.close();
    loggedIn(proxy);
  }

  @Test
  void aClientBeyondMaxUnauthenticatedGetsError1040UntilAnotherIsLoggedIn() throws Exception {
    ScriptedServer server = politeServer();
    RunningProxy proxy = proxy(server, "max-unauthenticated=1");
    RawClient slow = opened.keep(proxy.encrypt());

    RawClient refused = connect(proxy);

    assertEquals(1040, refused.read().errorCode());
    assertEquals(
        "rejected: limit of clients that are logging in reached (--max-unauthenticated=1)",
        proxy.line(refused));
    assertEquals(1, server.sessions().size());
    slow.logIn("root");
    loggedIn(proxy);
    loggedIn(proxy);
  }

  @Test
  void aFloodOfClientsIsOneLineOfTheLog() throws Exception {
    ScriptedServer server = politeServer();
    RunningProxy proxy = proxy(server, "max-connections=1");
    loggedIn(proxy);
    long begun = System.nanoTime();

    for (int i = 0; i < 100; i++) {
      try (RawClient client = RawClient.connect(proxy.address())) {
        assertEquals(1040, client.read().errorCode());
      }
    }

    long most = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) / 10;
    long lines = proxy.linesWith("connection limit reached");
    assertTrue(lines >= 1 && lines <= most, () -> lines + " lines, at most one each ten seconds");
  }

  /** How a connection ends. */
  enum End {
    THE_CLIENT_VANISHES_BEHIND_THE_GREETING {
      @Override
      void play(RawClient client) throws IOException {
        client.reset();
      }
    },
    THE_CLIENT_VANISHES_BEFORE_ITS_LOGIN {
      @Override
      void play(RawClient client) throws IOException {
        client.send(1, Wire.sslRequest(Wire.USUAL));
        client.startTls(ClientTls.NONE);
        client.reset();
      }
    },
    THE_CLIENT_SENDS_NONSENSE {
      @Override
      void play(RawClient client) throws IOException {
        client.send(1, new byte[] {1, 2, 3});
        client.readToTheEnd(1000);
      }
    },
    THE_RULES_REFUSE {
      @Override
      void play(RawClient client) throws IOException {
        client.send(1, Wire.login("root"));
        client.readToTheEnd(1000);
      }
    },
    THE_CLIENT_LEAVES_AFTER_ITS_LOGIN {
      @Override
      void play(RawClient client) throws IOException {
        logIn(client, "root");
        client.send(0, new byte[] {1});
      }
    };

    abstract void play(RawClient client) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void everyEndFreesThePlaceExactlyOnce(End end) throws Exception {
    ScriptedServer server = politeServer();
    RunningProxy proxy = proxy(server, "max-connections=1");

    for (int i = 0; i < 5; i++) {
      try (RawClient client = RawClient.greetedWhenFree(proxy.address())) {
        end.play(client);
      }
    }

    opened.keep(RawClient.greetedWhenFree(proxy.address()));
    assertEquals(1040, connect(proxy).read().errorCode());
  }

  @Test
  void aServerThatCannotBeReachedFreesThePlaceToo() throws Exception {
    ClosedPort nobody = opened.keep(new ClosedPort());
    RunningProxy proxy = opened.keep(RunningProxy.before(nobody.address(), "max-connections=1"));

    for (int i = 0; i < 3; i++) {
      assertTrue(Await.until(() -> !isFull(proxy)), "the place is not free");
    }
  }

  /** Whether a client is refused for want of a place, where otherwise it could not be connected. */
  private static boolean isFull(RunningProxy proxy) throws IOException {
    try (RawClient client = RawClient.connect(proxy.address())) {
      int code = client.read().errorCode();
      assertTrue(code == 1040 || code == 1158, "error " + code);
      return code == 1040;
    }
  }

  @Test
  void clientsThatVanishCannotFillASmallServer() throws Exception {
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    JdbcClient driver = new JdbcClient(JdbcDriver.MARIADB_3);
    driver.unavailable().ifPresent(Assumptions::abort);
    try (TestServer server = Mysql55.start("--max-connections=10", "--connect-timeout=600");
        Connection root = driver.connect(Login.directly(server, "root", ""), Map.of());
        Statement statement = root.createStatement()) {
      statement.execute("CREATE USER 'app'@'%'");
      Await.assertBecomes("1", () -> connected(statement));
      statement.execute("FLUSH STATUS");
      RunningProxy proxy =
          opened.keep(
              RunningProxy.before(
                  server.address(),
                  "max-unauthenticated=4",
                  "max-unauthenticated-per-address=4",
                  "connect-timeout=600"));
      int refused = 0;
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        RawClient client = RawClient.connect(proxy.address());
        if (client.read().errorCode() == 1040) {
          refused++;
        }
        clients.add(client);
      }
      assertEquals(196, refused);
      assertEquals("5", used(statement));

      for (RawClient client : clients) {
        client.reset();
      }

      // A session that has ended counts until its thread in the server has.
      Await.assertBecomes("1", () -> connected(statement));
      try (RawClient app = RawClient.greetedWhenFree(proxy.address())) {
        logIn(app, "app");
      }
      assertEquals("5", used(statement));
    }
  }

  /** The most connections at once that the server has had: the proxy's and the one that asks. */
  private static String used(Statement root) throws SQLException {
    return status(root, "Max_used_connections");
  }

  private static String connected(Statement root) throws SQLException {
    return status(root, "Threads_connected");
  }

  private static String status(Statement root, String name) throws SQLException {
    try (ResultSet row = root.executeQuery("SHOW GLOBAL STATUS LIKE '" + name + "'")) {
      row.next();
      return row.getString(2);
    }
  }

  private static void logIn(RawClient client, String user) throws IOException {
    client.send(1, Wire.sslRequest(Wire.USUAL));
    client.startTls(ClientTls.NONE);
    client.logIn(user);
  }

  private RawClient loggedIn(RunningProxy proxy) throws Exception {
    RawClient client = opened.keep(RawClient.greetedWhenFree(proxy.address()));
    logIn(client, "root");
    return client;
  }

  private RawClient connect(RunningProxy proxy) throws IOException {
    return opened.keep(RawClient.connect(proxy.address()));
  }

  private RunningProxy proxy(ScriptedServer server, String... options) {
    return opened.keep(RunningProxy.before(server.address(), options));
  }

  private ScriptedServer politeServer() throws IOException {
    return opened.keep(ScriptedServer.polite());
  }
}
