package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Mysql56;
import io.mysqltlsproxy.testing.PacketStream;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What servers that keep connection attributes are told about the proxy's clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionAttributesIT {
  private static final int CONNECT_ATTRS = 1 << 20;
  private static final int FLAGS = Wire.USUAL | CONNECT_ATTRS;
  private static final String PASSWORD = "open sesame";
  private static final String ON = "--performance-schema=ON";
  private static final String SIZE = "--performance-schema-session-connect-attrs-size=4096";
  private static final String MINE =
      "SELECT GROUP_CONCAT(attr_name, '=', attr_value ORDER BY ordinal_position SEPARATOR '|')"
          + " FROM performance_schema.session_connect_attrs WHERE processlist_id = CONNECTION_ID()";
  private static final String LONGER = "SET SESSION group_concat_max_len = 1000000";

  /** Different with each process. */
  private static final Set<String> VARIABLE =
      Set.of("_pid", "_thread", "_server_host", "_truncated");

  private final MysqlCli mysqlCli = new MysqlCli();
  private final List<TestServer> own = new ArrayList<>();
  private final Path directory;

  private interface Starter {
    TestServer start() throws IOException;
  }

  ConnectionAttributesIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterAll
  void end() {
    own.forEach(TestServer::close);
    mysqlCli.close();
  }

  @TestFactory
  Stream<DynamicTest> serversAreToldWhoTheirClientsAre() {
    return Stream.of(
            server("MySQL 5.6", Mysql56.unavailable(), () -> own(Mysql56.start(ON, SIZE))),
            server(
                "MariaDB 10.11",
                MariaDb.MARIADB_10_11.unavailable(),
                () -> own(MariaDb.MARIADB_10_11.start(ON, SIZE))),
            // It keeps 512 bytes, as it does by default.
            server(
                "MySQL 9.7",
                Container.MYSQL_9_7.unavailable(),
                () -> Servers.container(Container.MYSQL_9_7)),
            server(
                "MariaDB 11.8",
                Container.MARIADB_11_8.unavailable(),
                () -> own(Container.MARIADB_11_8.start(ON, SIZE))))
        .flatMap(tests -> tests);
  }

  private TestServer own(TestServer server) {
    own.add(server);
    return server;
  }

  private interface Scenario {
    void play(TestServer server) throws Exception;
  }

  private Stream<DynamicTest> server(String name, Optional<String> unavailable, Starter starter) {
    Map<String, Scenario> scenarios = new LinkedHashMap<>();
    scenarios.put("every client", this::everyClient);
    for (JdbcDriver driver : List.of(JdbcDriver.CONNECTOR_J_5_1, JdbcDriver.CONNECTOR_J_9)) {
      scenarios.put(
          "after a change of user by " + driver,
          server ->
              changeOfUser(
                  server,
                  login -> new JdbcClient(driver).changeUser(login, "told", PASSWORD, MINE)));
    }
    scenarios.put(
        "after a change of user by mysql2",
        server -> {
          ScriptClient client = ScriptClient.mysql2();
          client.unavailable().ifPresent(Assumptions::abort);
          changeOfUser(server, login -> client.changeUser(login, "told", PASSWORD, MINE));
        });
    scenarios.put("forged ones", ConnectionAttributesIT::forged);
    scenarios.put("long values and other alphabets", this::longOnes);
    scenarios.put("clients without attributes", ConnectionAttributesIT::withoutAny);
    scenarios.put("the query of the documentation", ConnectionAttributesIT::documented);
    scenarios.put("64 KiB", ConnectionAttributesIT::sixtyFourKib);
    scenarios.put("switched off", ConnectionAttributesIT::switchedOff);
    List<TestServer> started = new ArrayList<>();
    return scenarios.entrySet().stream()
        .map(
            scenario ->
                dynamicTest(
                    name + ": " + scenario.getKey(),
                    () -> {
                      unavailable.ifPresent(Assumptions::abort);
                      if (started.isEmpty()) {
                        started.add(prepared(starter.start()));
                      }
                      scenario.getValue().play(started.get(0));
                    }));
  }

  private static TestServer prepared(TestServer server) {
    server.sql(
        "CREATE USER 'told'@'%' IDENTIFIED BY '" + PASSWORD + "'",
        "GRANT ALL ON *.* TO 'told'@'%'",
        "CREATE USER 'told_other'@'%'",
        "GRANT ALL ON *.* TO 'told_other'@'%'");
    return server;
  }

  private void everyClient(TestServer server) throws Exception {
    Path rules = Files.writeString(directory.resolve("rules.sql"), "GRANT USAGE ON *.* TO told;");
    List<Client> clients =
        List.of(
            new MariaDbCli(),
            mysqlCli,
            new JdbcClient(JdbcDriver.CONNECTOR_J_5_1),
            new JdbcClient(JdbcDriver.CONNECTOR_J_9),
            new JdbcClient(JdbcDriver.MARIADB_3),
            ScriptClient.pyMysql(),
            ScriptClient.mysql2());
    try (RunningProxy proxy = RunningProxy.before(server.address(), "accounts=" + rules)) {
      for (Client client : clients) {
        client.unavailable().ifPresent(Assumptions::abort);
        Login login = Login.through(proxy, "told", PASSWORD);
        String told = client.query(login, LONGER, MINE).get(0);
        told = told.replaceFirst("^_truncated=\\d+\\|", "");
        String start = "_client_ip=127.0.0.1|_client_cert_subject=O=Test,CN=client|";
        assertTrue(
            told.startsWith(start + "_client_cert_fingerprint=SHA256:"), client + ": " + told);
        assertTrue(told.contains("|_client_rule='told'@'%' ("), client + ": " + told);
        String direct = directly(client, server);
        String kept = without(told);
        assertTrue(
            direct.startsWith(kept) && !kept.isEmpty(),
            () -> client + " directly: " + direct + "\nthrough the proxy: " + kept);
        if (!server.name().equals("MySQL 9.7")) {
          assertEquals(direct, kept, client::toString);
        }
      }
    }
  }

  private static String directly(Client client, TestServer server) throws Client.Failure {
    String direct = client.query(Login.directly(server, "told", PASSWORD), LONGER, MINE).get(0);
    return direct.equals("NULL") || direct.equals("null") ? "" : without(direct);
  }

  /** The client's own, whose values are the same in every process. */
  private static String without(String told) {
    return Stream.of(told.split("\\|", -1))
        .filter(each -> !each.matches("_client_(ip|port|ssl|cert|rule).*"))
        .filter(each -> !VARIABLE.contains(each.split("=", 2)[0]))
        .reduce("", (all, each) -> all + each + "\n");
  }

  private interface ChangeOfUser {
    /** What the server is told then. */
    String from(Login login) throws Exception;
  }

  private static void changeOfUser(TestServer server, ChangeOfUser change) throws Exception {
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      Login login = Login.through(proxy, "told_other", "");
      String told = change.from(login);
      if (forgets(server)) {
        assertTrue(told.equalsIgnoreCase("null"), told);
      } else {
        assertTrue(told.contains("_client_ip=127.0.0.1|_client_cert_subject="), told);
        assertTrue(told.contains("_client_rule=--require|"), told);
      }
    }
  }

  /**
   * MySQL 5.6 keeps no attributes of a change of user, nor do they come through without a proxy.
   */
  private static boolean forgets(TestServer server) {
    return server.name().startsWith("MySQL 5.6");
  }

  private static void forged(TestServer server) throws Exception {
    Wire attributes = Wire.of();
    pair(attributes, "mark", "first");
    List<String> names =
        List.of("_client_ip", "_CLIENT_IP", "_client_ip ", "_client_ip" + " ".repeat(23) + "x");
    for (String name : names) {
      pair(attributes, name, "6.6.6.6");
    }
    pair(attributes, "", "ends the reading of servers");
    pair(attributes, "_client_cert_subject", "CN=forged");
    pair(attributes, "_client_name", "own");
    pair(attributes, "program_name", "test");
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.LAURA, FLAGS)) {
      client.send(2, login(FLAGS, attributes.bytes()));
      readToOk(client);
      String told = told(server, "mark=first");
      assertTrue(told.contains("_client_ip=127.0.0.1|_client_cert_subject=CN=laura|"), told);
      assertFalse(told.contains("6.6.6.6") || told.contains("forged"), told);
      assertTrue(told.contains("|mark=first|_client_name=own|program_name=test|"), told);
      if (!server.name().equals("MySQL 9.7")) {
        assertTrue(told.contains("|_client_port=" + client.localPort() + "|"), told);
        assertTrue(told.contains("|_client_ssl_version=TLSv1.3|_client_ssl_cipher=TLS_"), told);
        assertTrue(told.contains("|_client_cert_serial="), told);
      }

      Wire changed = Wire.of();
      pair(changed, "_client_ip", "6.6.6.6");
      pair(changed, "mark", "second");
      byte[] command = Wire.changeUser("told_other", new byte[0], Wire.NATIVE);
      client.send(0, block(command, changed.bytes()));
      readToOk(client);
      if (forgets(server)) {
        assertEquals(0, count(server, "mark="));
      } else {
        String again = told(server, "mark=second");
        assertTrue(again.contains("_client_ip=127.0.0.1|"), again);
        assertFalse(again.contains("6.6.6.6"), again);
      }
      assertEquals(0, count(server, "6.6.6.6"));
    }
  }

  private void longOnes(TestServer server) throws Exception {
    String name = "ü".repeat(30) + "😀" + "長".repeat(30);
    Issued certificate =
        ProxyCertificates.shared()
            .authority()
            .certificate("CN=" + name)
            .uri("spiffe://example.com/" + "x".repeat(300))
            .key(KeyType.EC)
            .extendedKeyUsage(KeyPurposeId.id_kp_clientAuth)
            .issue();
    SSLContext tls = ClientTls.of(certificate);
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      // utf8mb4_general_ci, then latin1
      for (int collation : List.of(45, 8)) {
        try (RawClient client = RawClient.encrypted(proxy.address(), tls, FLAGS)) {
          Wire attributes = Wire.of();
          pair(attributes, "mark", "long" + collation);
          byte[] login = login(FLAGS, attributes.bytes());
          login[8] = (byte) collation;
          client.send(2, login);
          readToOk(client);
          String told = told(server, "mark=long" + collation);
          String subject = told.split("_client_cert_subject=", 2)[1].split("\\|", 2)[0];
          assertTrue(subject.endsWith("...") && subject.getBytes(UTF_8).length <= 100, told);
          assertEquals(
              collation == 45 ? "CN=ü" : "CN=\\C3\\BC",
              subject.substring(0, collation == 45 ? 4 : 9));
          assertTrue(told.contains("|_client_rule=--require|"), told);
          if (!server.name().equals("MySQL 9.7")) {
            assertTrue(told.endsWith("xxx..."), told);
          }
        }
      }
    }
  }

  private static void withoutAny(TestServer server) throws Exception {
    int withoutPlugins = Wire.USUAL & ~Wire.PLUGIN_AUTH;
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      for (int flags : List.of(Wire.USUAL, withoutPlugins)) {
        if (server.name().equals("MySQL 9.7") && flags == withoutPlugins) {
          continue; // it has no native password, which a client without plugins means
        }
        // MySQL refuses attributes of a client without plugins.
        boolean told = flags == Wire.USUAL || server.name().startsWith("MariaDB");
        try (RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE, flags)) {
          client.send(2, Wire.login(flags, "told_other", new byte[0], Wire.NATIVE));
          readToOk(client);
          String port = "_client_port=" + client.localPort();
          assertEquals(told ? 1 : 0, count(server, port));
          byte[] command =
              flags == Wire.USUAL
                  ? Wire.changeUser("told_other", new byte[0], Wire.NATIVE)
                  : Wire.of(0x11).text("told_other").add(0, 0, 0).bytes();
          client.send(0, command);
          readToOk(client);
          assertEquals(told && !forgets(server) ? 1 : 0, count(server, port));
        }
      }
    }
  }

  private static void documented(TestServer server) throws Exception {
    String page = Files.readString(Path.of("docs/monitoring.md"));
    int start = page.indexOf("SELECT c.attr_value");
    String query = page.substring(start, page.indexOf(";", start));
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.LAURA, FLAGS)) {
      client.send(2, login(FLAGS, new byte[0]));
      readToOk(client);
      List<List<String>> rows =
          server.sql(query).stream().filter(row -> row.get(0).equals("CN=laura")).toList();
      assertEquals(1, rows.size(), rows::toString);
      assertEquals(
          List.of("127.0.0.1", "told_other"), List.of(rows.get(0).get(1), rows.get(0).get(3)));
    }
  }

  private static void sixtyFourKib(TestServer server) throws Exception {
    Wire many = Wire.of();
    pair(many, "mark", "many");
    while (many.bytes().length < 65_000) {
      pair(many, "padding", "x".repeat(240));
    }
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.LAURA, FLAGS)) {
      client.send(2, login(FLAGS, many.bytes()));
      readToOk(client);
      assertTrue(told(server, "mark=many").contains("_client_ip=127.0.0.1|_client_cert_subject"));
    }
  }

  private static void switchedOff(TestServer server) throws Exception {
    Wire attributes = Wire.of();
    pair(attributes, "mark", "off");
    try (RunningProxy proxy = RunningProxy.before(server.address(), "client-attributes=OFF");
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.LAURA, FLAGS)) {
      client.send(2, login(FLAGS, attributes.bytes()));
      readToOk(client);
      assertEquals("mark=off", told(server, "mark=off"));
    }
  }

  private static void readToOk(RawClient client) throws IOException {
    PacketStream.Packet answer = client.read();
    if (answer.first() == 0xFE) { // an AuthSwitchRequest: the password is empty for every plugin
      client.send(answer.sequenceId() + 1, new byte[0]);
      answer = client.read();
    }
    assertTrue(answer.isOk(), answer::toString);
  }

  private static byte[] login(int flags, byte[] attributes) {
    return block(Wire.login(flags, "told_other", new byte[0], Wire.NATIVE), attributes);
  }

  private static byte[] block(byte[] packet, byte[] attributes) {
    Wire whole = Wire.of().add(packet);
    if (attributes.length < 0xFB) {
      whole.add(attributes.length);
    } else {
      whole.add(0xFC, attributes.length, attributes.length >> 8);
    }
    return whole.add(attributes).bytes();
  }

  private static void pair(Wire to, String name, String value) {
    to.add(name.length()).text(name).add(value.length()).text(value);
  }

  private static String told(TestServer server, String mark) {
    List<String> found = sessions(server).stream().filter(told -> told.contains(mark)).toList();
    assertEquals(1, found.size(), () -> mark + " in " + sessions(server));
    return found.get(0);
  }

  private static long count(TestServer server, String mark) {
    return sessions(server).stream().filter(told -> told.contains(mark)).count();
  }

  private static List<String> sessions(TestServer server) {
    return server
        .sql(
            LONGER,
            MINE.replace("WHERE processlist_id = CONNECTION_ID()", "GROUP BY processlist_id"))
        .stream()
        .map(row -> row.get(0))
        .toList();
  }
}
