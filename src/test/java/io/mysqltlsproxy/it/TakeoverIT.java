package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code --takeover}: a second process with the same options takes over from the first. */
class TakeoverIT {
  /** Twenty take a few minutes. */
  static final int UPGRADES = Integer.getInteger("io.mysqltlsproxy.test.upgrades", 2);

  @AutoClose private final Opened opened = new Opened();
  private final int port = freePort();
  private final int admin = freePort();

  @Test
  void upgradesUnderLoadRefuseNoConnectionAndBreakNoStatement() throws Exception {
    TestServer server = Servers.mysql55();
    server.sql("CREATE DATABASE upgraded", "CREATE TABLE upgraded.t (client INT) ENGINE=InnoDB");
    List<String> options = options("unix:" + server.socket().orElseThrow());
    try {
      ProxyProcess running = start(options);
      InetSocketAddress address = running.ready();
      try (UpgradeLoad load = UpgradeLoad.start(address, ClientTls.NONE)) {
        for (int i = 0; i < UPGRADES; i++) {
          load.awaitProgress();
          ProxyProcess next = start(options);
          next.ready();
          assertEquals(0, running.status(), running.errors()::toString);
          assertTrue(
              String.join("\n", running.errors()).contains("process " + next.pid() + " takes over"),
              running.errors()::toString);
          running.close();
          running = next;
        }
        load.awaitProgress();
        load.finish();
        assertEquals(List.of(), load.failures());
        System.out.println(UPGRADES + " upgrades: " + load);
        assertEquals(
            List.of(List.of(String.valueOf(load.committed()))),
            server.sql("SELECT COUNT(*) FROM upgraded.t"));
      }
    } finally {
      server.sql("DROP DATABASE upgraded");
    }
  }

  @Test
  void theAdminPortIsTheSuccessorsAsSoonAsItIsReady() throws Exception {
    List<String> options = options(backend());
    ProxyProcess first = start(options);
    RawClient client = opened.keep(RawClient.loggedIn(first.ready(), ClientTls.NONE, "root"));
    client.run("BEGIN");

    ProxyProcess second = start(options);
    second.ready();

    assertEquals(
        200, new AdminClient(HttpClient.newHttpClient(), admin).get("/readyz").statusCode());
    client.close();
    assertEquals(0, first.status(), first.errors()::toString);
  }

  @Test
  void aSuccessorThatCannotStartLeavesTheFirstAlone() throws Exception {
    List<String> options = options(backend());
    ProxyProcess first = start(options);
    InetSocketAddress address = first.ready();

    ProxyProcess second =
        start(
            ProxyProcess.options(
                "127.0.0.1:1", "port=" + port, "takeover=ON", "ssl-key=/does/not/exist.pem"));

    assertEquals(2, second.status());
    RawClient.loggedIn(address, ClientTls.NONE, "root").close();
    assertTrue(first.isRunning());
  }

  /** Whatever two of them ask at the same moment, one proxy is left at the port. */
  @Test
  void ofTwoSuccessorsAtOnceOneTakesOver() throws Exception {
    List<String> options = options(backend());
    ProxyProcess first = start(options);
    first.ready();

    List<ProxyProcess> two = List.of(start(options), start(options));

    assertEquals(0, first.status(), first.errors()::toString);
    Await.assertBecomes(1L, () -> two.stream().filter(ProxyProcess::isRunning).count());
    ProxyProcess other = two.get(two.get(0).isRunning() ? 1 : 0);
    String errors = String.join("\n", other.errors());
    // Where they were not at the same moment after all, one has taken over from the other.
    assertTrue(errors.contains("in use") || errors.contains("takes over"), errors);
    ProxyProcess left = two.get(two.get(0).isRunning() ? 0 : 1);
    RawClient.loggedIn(left.ready(), ClientTls.NONE, "root").close();
  }

  /** An option file that was copied, with another port. */
  @Test
  void theAdminPortOfAThirdProcessIsNotTaken() throws Exception {
    ProxyProcess first = start(options(backend()));
    first.ready();

    ProxyProcess second =
        start(
            ProxyProcess.options(
                backend(),
                "port=" + freePort(),
                "admin-address=127.0.0.1:" + admin,
                "takeover=ON"));

    assertEquals(1, second.status());
    String errors = String.join("\n", second.errors());
    assertTrue(errors.contains("admin-address") && errors.contains("in use"), errors);
    assertEquals(
        200, new AdminClient(HttpClient.newHttpClient(), admin).get("/readyz").statusCode());
    assertTrue(first.isRunning());
  }

  /** It fails late: the client port is in its hands already. */
  @Test
  void aSuccessorThatFailsCutsNobodyOff() throws Exception {
    List<String> options = options(backend());
    ProxyProcess first = start(options);
    InetSocketAddress address = first.ready();
    int used = opened.keep(new ServerSocket(0)).getLocalPort();

    ProxyProcess second =
        start(
            ProxyProcess.options(
                backend(), "port=" + port, "admin-address=127.0.0.1:" + used, "takeover=ON"));
    while (second.isRunning()) {
      RawClient.loggedIn(address, ClientTls.NONE, "root").close();
    }

    assertEquals(1, second.status());
    RawClient.loggedIn(address, ClientTls.NONE, "root").close();
    assertTrue(first.isRunning());
  }

  /** A second one by accident changes nothing. */
  @Test
  void withoutTheOptionThePortIsInUse() throws Exception {
    List<String> options = options(backend());
    ProxyProcess first = start(options);
    InetSocketAddress address = first.ready();

    ProxyProcess second = start(ProxyProcess.options("127.0.0.1:1", "port=" + port));

    assertEquals(1, second.status());
    assertTrue(String.join("\n", second.errors()).contains("in use"), second.errors()::toString);
    RawClient.loggedIn(address, ClientTls.NONE, "root").close();
    assertTrue(first.isRunning());
  }

  private String backend() throws IOException {
    return "127.0.0.1:" + opened.keep(ScriptedServer.polite()).port();
  }

  private List<String> options(String backend) {
    return ProxyProcess.options(
        backend,
        "port=" + port,
        "admin-address=127.0.0.1:" + admin,
        "drain-timeout=5",
        "takeover=ON");
  }

  private ProxyProcess start(List<String> options) throws IOException {
    return opened.keep(ProxyProcess.start(options));
  }

  private static int freePort() {
    try {
      return FreePort.find();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
