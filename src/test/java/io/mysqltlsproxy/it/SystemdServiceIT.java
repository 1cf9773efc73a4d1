package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The archive and {@code conf/mysql-tls-proxy.service}, installed as the unit's first lines say,
 * and run by systemd in its whole sandbox; in a container, and in front of a real server.
 */
class SystemdServiceIT {
  private static final String SERVICE = SystemdMachine.SERVICE;
  private static final Path UNIT = Path.of("conf", SERVICE + ".service");
  private static final ProxyCertificates CERTIFICATES = ProxyCertificates.shared();

  @AutoClose private static final SystemdMachine MACHINE = new SystemdMachine();

  @BeforeAll
  static void install() throws IOException {
    MACHINE.start();
    TestServer server = Servers.mysql55();
    MACHINE.copy(Archive.file(), "/archive.tar.gz");
    for (int version = 1; version <= 2; version++) {
      type("mkdir " + directory(version));
      type("tar -xzf /archive.tar.gz -C " + directory(version) + " --strip-components=1");
    }
    type(link(1));
    type("mkdir /etc/mysql-tls-proxy");
    type("cp /opt/mysql-tls-proxy/conf/mysql-tls-proxy.cnf /etc/");
    for (Path file :
        List.of(CERTIFICATES.ca(), CERTIFICATES.serverCert(), CERTIFICATES.serverKey())) {
      MACHINE.copy(file, "/etc/mysql-tls-proxy/");
    }
    type(
        "printf 'MYSQL_TLS_PROXY_%s\\n"
            + "' SSL_CA=/etc/mysql-tls-proxy/ca-cert.pem REQUIRE=X509 DRAIN_TIMEOUT=10 PORT="
            + FreePort.find()
            + " BACKEND=127.0.0.1:"
            + server.port()
            + " >/etc/default/mysql-tls-proxy");
    for (String command : commandsOfTheUnitsHead()) {
      type(command);
    }
  }

  @BeforeEach
  void start() {
    type("systemctl start " + SERVICE);
    Docker.await(() -> ReadyLine.isIn(MACHINE.log()));
  }

  @Test
  void aClientLogsInOnTlsWhileTheFilterOfSystemCallsIsInForce() throws Exception {
    try (Connection client = connect()) {
      assertEquals("5.5.9", ask(client, "SELECT VERSION()"));
    }

    assertTrue(MACHINE.log().contains("BoringSSL"), MACHINE::log);
    String process = type("cat /proc/$(systemctl show -P MainPID " + SERVICE + ")/status");
    assertTrue(process.contains("Seccomp:\t2\n"), process);
    assertTrue(process.contains("NoNewPrivs:\t1\n"), process);
    assertTrue(process.contains("CapBnd:\t0000000000000000\n"), process);
    assertTrue(!process.contains("Uid:\t0\t"), process);
  }

  /** {@code connect} beside it, which leads to it. */
  @Test
  void theMirrorsUnitLetsPlainClientsInByPortAndBySocket() throws Exception {
    String mirror = SERVICE + "-connect";
    int port = FreePort.find();
    int server = ReadyLine.port(MACHINE.log());
    for (Path file : List.of(CERTIFICATES.clientCert(), CERTIFICATES.clientKey())) {
      MACHINE.copy(file, "/etc/mysql-tls-proxy/");
    }
    type("chown mysql-tls-proxy /etc/mysql-tls-proxy/client-key.pem");
    type("cp /opt/mysql-tls-proxy/conf/" + mirror + ".service /etc/systemd/system/");
    String files =
        "SSL_CA=/etc/mysql-tls-proxy/ca-cert.pem SSL_CERT=/etc/mysql-tls-proxy/client-cert.pem"
            + " SSL_KEY=/etc/mysql-tls-proxy/client-key.pem BACKEND=127.0.0.1:";
    String print = "printf 'MYSQL_TLS_PROXY_%s\\n' " + files + server;
    String socket = "/run/" + mirror + "/mysql.sock";
    type(print + " PORT=" + port + " >/etc/default/" + mirror);
    type("systemctl daemon-reload && systemctl start " + mirror);
    Login root = new Login(port, "root", "", Optional.empty());
    try (Connection client = new JdbcClient(JdbcDriver.MARIADB_3).connect(root, Map.of())) {
      assertEquals("5.5.9", ask(client, "SELECT VERSION()"));
    }
    type("systemctl reload " + mirror);

    type(print + " SOCKET=" + socket + " SOCKET_USERS=nobody >/etc/default/" + mirror);
    type("systemctl restart " + mirror);
    assertEquals("666 755", type("echo $(stat -c %a " + socket + " /run/" + mirror + ")"));
    type("systemctl stop " + mirror);
    assertEquals("success\n0", type("systemctl show -P Result -P ExecMainStatus " + mirror));
  }

  @Test
  void systemctlReloadReadsTheFilesAgain() {
    type("systemctl reload " + SERVICE);

    assertTrue(MACHINE.log().contains("reloaded on SIGHUP"), MACHINE::log);
  }

  /** As docs/upgrade.md says: to a second version, and back. */
  @Test
  void upgradesAndRollbacksUnderLoadRefuseNoConnectionAndBreakNoStatement() throws Exception {
    TestServer server = Servers.mysql55();
    server.sql("CREATE DATABASE upgraded", "CREATE TABLE upgraded.t (client INT) ENGINE=InnoDB");
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ReadyLine.port(MACHINE.log()));
    try (UpgradeLoad load = UpgradeLoad.start(address, ClientTls.LAURA)) {
      for (int i = 0; i < TakeoverIT.UPGRADES; i++) {
        load.awaitProgress();
        String before = MACHINE.mainPid();
        int version = 2 - i % 2;
        type(link(version));
        type("systemctl kill --kill-whom=main --signal=USR2 " + SERVICE);
        Docker.await(() -> !MACHINE.mainPid().equals(before));
        assertTrue(
            type("cat /proc/" + MACHINE.mainPid() + "/cmdline").contains(directory(version) + "/"));
        Docker.await(() -> !MACHINE.succeeds("test -e /proc/" + before));
        assertEquals("active", type("systemctl is-active " + SERVICE));
      }
      load.awaitProgress();
      load.finish();
      assertEquals(List.of(), load.failures());
      System.out.println(TakeoverIT.UPGRADES + " upgrades by systemd: " + load);
      assertEquals(
          List.of(List.of(String.valueOf(load.committed()))),
          server.sql("SELECT COUNT(*) FROM upgraded.t"));
    } finally {
      server.sql("DROP DATABASE upgraded");
    }
  }

  @Test
  void systemctlStopWaitsForTransactions() throws Exception {
    Connection client = connect();
    ask(client, "BEGIN");
    CompletableFuture<String> stopped =
        CompletableFuture.supplyAsync(() -> type("systemctl stop " + SERVICE));
    Docker.await(() -> MACHINE.log().contains("s for 1 client to disconnect"));

    assertEquals("1", ask(client, "SELECT 1"));
    client.close();
    stopped.get(2, TimeUnit.MINUTES);
    assertEquals("success\n0", type("systemctl show -P Result -P ExecMainStatus " + SERVICE));
  }

  /** Those behind its first line, which says where the archive is. */
  private static List<String> commandsOfTheUnitsHead() throws IOException {
    return Files.readAllLines(UNIT).stream()
        .takeWhile(line -> line.startsWith("#"))
        .filter(line -> line.startsWith("#   "))
        .map(line -> line.substring("#   ".length()))
        .toList();
  }

  private static String directory(int version) {
    return "/opt/mysql-tls-proxy-" + version;
  }

  private static String link(int version) {
    return "ln -sfn mysql-tls-proxy-" + version + " /opt/mysql-tls-proxy";
  }

  private static String type(String command) {
    return MACHINE.type(command);
  }

  private static Connection connect() throws SQLException {
    Login root = new Login(ReadyLine.port(MACHINE.log()), "root", "", Optional.of(CERTIFICATES));
    return new JdbcClient(JdbcDriver.MARIADB_3).connect(root, Map.of());
  }

  private static String ask(Connection client, String query) throws SQLException {
    try (Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }
}
