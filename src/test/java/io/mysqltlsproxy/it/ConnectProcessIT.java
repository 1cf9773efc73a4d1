package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code connect} as its users run it: admin port, health, reload and shutdown are those of {@code
 * run}. The server is MySQL 5.5.9 behind a {@code run} that wants a certificate.
 */
class ConnectProcessIT {
  private static final ProxyCertificates CERTIFICATES = ProxyCertificates.shared();

  private final Path directory;

  ConnectProcessIT(@TempDir Path directory) {
    this.directory = directory;
  }

  private ProxyProcess start(RunningProxy run, String... more) throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--port=0",
                "--backend=127.0.0.1:" + run.port(),
                "--ssl-ca=" + CERTIFICATES.ca(),
                "--ssl-cert=" + directory.resolve("own.pem"),
                "--ssl-key=" + directory.resolve("own-key.pem"),
                "--admin-address=127.0.0.1:0"));
    options.addAll(List.of(more));
    return ProxyProcess.connecting(options);
  }

  private void show(String subject) {
    Issued own = CERTIFICATES.authority().issueClient(subject, KeyType.EC);
    own.writeTo(directory, "own.pem", "own-key.pem");
  }

  private static Packet logIn(RawClient client) throws Exception {
    client.send(1, Wire.login("root"));
    return client.read();
  }

  private static int login(ProxyProcess connect) throws Exception {
    try (RawClient client = RawClient.greeted(connect.ready())) {
      Packet answer = logIn(client);
      return answer.isOk() ? 0 : answer.errorCode();
    }
  }

  @Test
  void theAdminPortAndHealthTellOfItsClients() throws Exception {
    show("CN=mirror");
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address(), "require=X509");
        ProxyProcess connect = start(run);
        RawClient client = RawClient.greeted(connect.ready())) {
      assertTrue(logIn(client).isOk());
      AdminClient admin = AdminClient.of(connect);
      assertEquals(200, admin.get("/healthz").statusCode());
      assertEquals(200, admin.get("/readyz").statusCode());
      String connections = admin.get("/connections?format=json").body();
      assertTrue(connections.contains("\"user\":\"root\""), connections);
      assertTrue(connections.contains("TLSv1.3"), connections);
      AdminClient.Metrics metrics = admin.metrics();
      assertEquals(1, metrics.sum("logins_total"));
      assertEquals(1, metrics.sum("tls_handshakes_total"));
      assertEquals(1, metrics.sum("connections_open{phase=\"commands\""));
      Tool.Result health =
          Tool.run(
              "bin/mysql-tls-proxy",
              "health",
              "connect",
              "--admin-address=127.0.0.1:" + admin.port());
      assertEquals(0, health.status(), health.error());
    }
  }

  @Test
  void aNewCertificateIsShownAfterAReload() throws Exception {
    show("CN=before");
    try (RunningProxy run =
            RunningProxy.before(Servers.mysql55().address(), "require=SUBJECT '/CN=after'");
        ProxyProcess connect = start(run)) {
      assertEquals(1045, login(connect));
      show("CN=after");
      connect.hangUp();
      Await.assertBecomes(0, () -> login(connect));
    }
  }

  @Test
  void atItsEndAnIdleClientLeavesAndAStatementIsFinished() throws Exception {
    show("CN=mirror");
    try (RunningProxy run = RunningProxy.before(Servers.mysql55().address());
        ProxyProcess connect = start(run, "--drain-timeout=30");
        RawClient idle = RawClient.greeted(connect.ready());
        RawClient busy = RawClient.greeted(connect.ready())) {
      assertTrue(logIn(idle).isOk());
      assertTrue(logIn(busy).isOk());
      busy.send(0, Wire.query("SELECT SLEEP(3)"));
      connect.terminate();
      assertEquals(1053, idle.read().errorCode());
      assertEquals(1, busy.read().first(), "the number of columns");
      assertEquals(0, connect.status());
    }
  }
}
