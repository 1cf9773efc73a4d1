package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.NetworkNamespace;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * MySQL 5.5.9 counts logins of users that it does not know against the host they come from, and for
 * it all clients come from the proxy's host.
 */
@Timeout(180)
class HostErrorsIT {
  private static final int AT_ONCE = 30;

  @AutoClose private static @Nullable NetworkNamespace namespace;

  @AutoClose private final Opened opened = new Opened();

  @BeforeAll
  static void createTheNamespace() throws IOException {
    NetworkNamespace.unavailable().ifPresent(reason -> abort(reason));
    namespace = NetworkNamespace.create();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void aServerOnWhichNobodyEverLogsInBlocksNobody(int maxConnectErrors) throws Exception {
    RunningProxy proxy = proxyBefore(server(maxConnectErrors));

    for (int round = 0; round < 3; round++) {
      for (RawClient client : encrypted(proxy)) {
        client.reset();
      }
      Await.assertBecomes(0, proxy::connections);
    }

    assertEquals("app", logIn(proxy, "app"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void clientsWithUnknownUserNamesBlockNobody(int maxConnectErrors) throws Exception {
    RunningProxy proxy = proxyBefore(server(maxConnectErrors));
    assertEquals("app", logIn(proxy, "app"));

    for (RawClient client : encrypted(proxy)) {
      client.send(2, Wire.login("nosuch" + client.localPort()));
      opened.keep(client);
    }
    for (int i = 0; i < 5; i++) {
      assertEquals("app", logIn(proxy, "app"));
    }
    assertEquals("1045", logIn(proxy, "nosuch"));

    assertEquals(0, proxy.linesWith("is blocked"));
  }

  @Test
  void norDoTheyWhereNobodyHasLoggedInBefore() throws Exception {
    RunningProxy proxy = proxyBefore(server(1));

    for (RawClient client : encrypted(proxy)) {
      client.send(2, Wire.login("nosuch" + client.localPort()));
      opened.keep(client);
    }

    assertEquals("app", logIn(proxy, "app"));
    assertEquals(0, proxy.linesWith("is blocked"));
  }

  @Test
  void anAccountThatIsDroppedIsNoLongerUsedToTakeLeaveOfTheServer() throws Exception {
    TestServer server = server(10);
    RunningProxy proxy = proxyBefore(server);
    assertEquals("app", logIn(proxy, "app"));
    server.sql("DROP USER 'app'@'%'");
    // For as long the proxy believes what it has seen.
    TimeUnit.SECONDS.sleep(1);

    for (int round = 0; round < 2; round++) {
      for (RawClient client : encrypted(proxy)) {
        client.close();
      }
      Await.assertBecomes(0, proxy::connections);
    }

    assertEquals("other", logIn(proxy, "other"));
    assertEquals("1045", logIn(proxy, "app"));
  }

  private TestServer server(int maxConnectErrors) throws IOException {
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    TestServer server =
        opened.keep(
            Mysql55.startIn(
                requireNonNull(namespace),
                "--max-connect-errors=" + maxConnectErrors,
                "--max-connections=300"));
    server.sql("CREATE USER 'app'@'%'", "CREATE USER 'other'@'%'", "FLUSH PRIVILEGES");
    return server;
  }

  private RunningProxy proxyBefore(TestServer server) {
    return opened.keep(RunningProxy.before(server.address(), "max-unauthenticated=0"));
  }

  /** Clients that are all connected to the server before the first of them goes on. */
  private static List<RawClient> encrypted(RunningProxy proxy) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      clients.add(proxy.greet());
    }
    for (RawClient client : clients) {
      client.send(1, Wire.sslRequest(Wire.USUAL));
      client.startTls(ClientTls.NONE);
    }
    return clients;
  }

  /** The user who is in then, or the error. */
  private static String logIn(RunningProxy proxy, String user) throws IOException {
    try (RawClient client = proxy.encrypt()) {
      client.send(2, Wire.login(user));
      Packet answer = client.read();
      if (!answer.isOk()) {
        return String.valueOf(answer.errorCode());
      }
      client.send(0, Wire.query("SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)"));
      assertEquals(1, client.read().first());
      client.read();
      client.read();
      byte[] row = client.read().payload();
      assertTrue(row.length > 1);
      return new String(row, 1, row.length - 1, US_ASCII);
    }
  }
}
