package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The admin port of a proxy process before a real MySQL 5.5.9: between the clients and the proxy,
 * and between the proxy and the server, a relay counts the bytes.
 */
class MonitoringIT {
  private static final int LOGINS = 12;
  private static final int DENIED = 3;
  private static final int REFUSED = 4;
  private static final int FAILED = 5;

  /** Of TLS 1.3, in bytes: a client that quits may send it when the proxy reads no more. */
  private static final int LAST_ALERT = 24;

  private final MariaDbCli cli = new MariaDbCli();
  @AutoClose private final Opened opened = new Opened();
  private TestServer server;
  private Relay toServer;
  private Relay toProxy;
  private ProxyProcess process;
  private AdminClient admin;

  @BeforeEach
  void start() throws Exception {
    Assumptions.assumeTrue(cli.unavailable().isEmpty(), () -> cli.unavailable().orElse(""));
    server = opened.keep(Site.of(ServerKind.MYSQL_5_5)).server();
    toServer = opened.keep(Relay.to(server.address()));
    process =
        opened.keep(
            ProxyProcess.before(
                toServer.address(), "admin-address=127.0.0.1:0", "log-format=json"));
    toProxy = opened.keep(Relay.to(process.ready()));
    admin = AdminClient.of(process);
  }

  @Test
  void loginsRefusalsAndFailuresAddUpToConnectionsAndBytesAreThoseOfTheSockets() throws Exception {
    Login login = login(Site.USER, "open sesame");
    for (int i = 0; i < LOGINS; i++) {
      assertEquals(List.of("xxxxxxxxxx"), cli.query(login, "SELECT REPEAT('x', 10)"));
    }
    for (int i = 0; i < DENIED; i++) {
      assertThrows(Client.Failure.class, () -> cli.query(login(Site.USER, "wrong"), "SELECT 1"));
    }
    Login plain = new Login(toProxy.port(), Site.USER, "open sesame", Optional.empty());
    for (int i = 0; i < REFUSED; i++) {
      assertThrows(Client.Failure.class, () -> cli.query(plain, "SELECT 1"));
    }
    for (int i = 0; i < FAILED; i++) {
      RawClient.greeted(toProxy.address()).close();
    }
    int all = LOGINS + DENIED + REFUSED + FAILED;

    Await.until(() -> isOver(all, admin.metrics()));
    AdminClient.Metrics metrics = admin.metrics();

    assertEquals(all, metrics.sum("connections_total"));
    assertEquals(LOGINS, metrics.sum("logins_total"));
    assertEquals(DENIED, metrics.sum("refusals_total{reason=\"denied_by_server\""));
    assertEquals(REFUSED, metrics.sum("refusals_total{reason=\"insecure_transport\""));
    assertEquals(DENIED + REFUSED, metrics.sum("refusals_total"));
    assertEquals(FAILED, metrics.sum("failures_total"));
    assertEquals(LOGINS, metrics.sum("closes_total"));
    assertEquals(LOGINS + DENIED, metrics.sum("tls_handshakes_total"));
    assertEquals(0, metrics.sum("connections_open"));
    double unread = unread(metrics);
    assertTrue(unread >= 0 && unread <= LOGINS * LAST_ALERT, () -> unread + " bytes of clients");
    assertEquals((double) toProxy.back(), metrics.sum("sent_bytes_total{side=\"client\""));
    assertTrue(metrics.sum("tls_work_seconds_total{operation=\"handshake\"") > 0);
  }

  @Test
  void everyMetricIsOnThePageOfMonitoring() throws Exception {
    String page = Files.readString(Path.of("docs", "monitoring.md"));

    List<String> missing =
        admin
            .get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("# TYPE mysql_tls_proxy_"))
            .map(line -> line.split(" ", -1)[2])
            .filter(name -> !page.contains("`" + name.replace("_max", "") + "`"))
            .toList();

    assertEquals(List.of(), missing);
  }

  @Test
  void promtoolFindsNothingWrongWithTheMetricsNorWithTheAlerts() throws Exception {
    Assumptions.assumeTrue(
        Tool.succeeds(List.of("promtool", "--version"), Map.of()),
        "promtool is not installed: src/test/bin/install-tools");
    Path metrics = Files.createTempFile("metrics-", ".txt");
    Files.writeString(metrics, admin.get("/metrics").body());

    Tool.Result check =
        Tool.run(
            new ProcessBuilder("promtool", "check", "metrics").redirectInput(metrics.toFile()));
    Tool.Result rules =
        Tool.run(new ProcessBuilder("promtool", "check", "rules", "conf/prometheus-alerts.yml"));

    assertEquals("", check.text() + check.error());
    assertEquals(0, check.status());
    assertEquals(0, rules.status(), rules.text() + rules.error());
  }

  @Test
  void connectionsShowsWhoIsConnectedAndWhatHeIsDoing() throws Exception {
    opened.keep(RawClient.greeted(toProxy.address()));

    assertTrue(admin.get("/connections").body().contains("<td>ssl request</td>"));
    assertTrue(admin.get("/connections?format=json").body().contains("\"phase\":\"ssl_request\""));
  }

  @Test
  void readinessHarmsTheServerNotAndSaysWhatIsWrong() throws Exception {
    assertEquals(200, admin.get("/readyz").statusCode());
    assertEquals(200, admin.get("/healthz").statusCode());
    toServer.close();

    assertTrue(Await.until(() -> admin.get("/readyz").statusCode() == 503));

    HttpResponse<String> answer = admin.get("/readyz");
    assertTrue(answer.body().contains("the server 127.0.0.1:" + toServer.port()), answer.body());
    assertEquals(0, admin.metrics().sum("server_up"));
    assertEquals(200, admin.get("/healthz").statusCode());
  }

  @Test
  void otherMethodsAndPathsAreRefused() throws Exception {
    assertEquals(404, admin.get("/").statusCode());
    assertEquals(405, admin.post("/metrics").statusCode());
  }

  private Login login(String user, String password) {
    return new Login(toProxy.port(), user, password, Optional.of(ProxyCertificates.shared()));
  }

  /** Whether all connections have ended, and what is still on its way has come. */
  private boolean isOver(int connections, AdminClient.Metrics metrics) {
    double ended =
        metrics.sum("closes_total") + metrics.sum("refusals_total") + metrics.sum("failures_total");
    return metrics.sum("connections_open") == 0
        && ended == connections
        && unread(metrics) <= LOGINS * LAST_ALERT
        && toProxy.back() == metrics.sum("sent_bytes_total{side=\"client\"");
  }

  /** Bytes that clients have sent and the proxy has not read. */
  private double unread(AdminClient.Metrics metrics) {
    return toProxy.towards() - metrics.sum("received_bytes_total{side=\"client\"");
  }
}
