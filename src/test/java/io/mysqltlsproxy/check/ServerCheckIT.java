package io.mysqltlsproxy.check;

import static io.mysqltlsproxy.check.Level.OK;
import static io.mysqltlsproxy.check.Level.WARNING;
import static io.mysqltlsproxy.check.Level.WRONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.NetworkNamespace;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about real servers, and about the port at which clients connect. */
class ServerCheckIT {
  private static final String NOT_MYSQL = "it is not a MySQL server (it looks like ";
  private static final int MAX_CONNECT_ERRORS = 10;
  private static final int HOST_IS_BLOCKED = 1129;

  private static List<Finding> check(String backend, String... options) {
    Map<String, String> flags = RunningProxy.flags(backend, options);
    flags.putIfAbsent("port", "0");
    try {
      return new Checklist(List.of(), List.of())
          .run(
              OptionSources.read(
                  flags,
                  Map.of(),
                  ProxyCertificates.shared().directory().resolve("no-option-file.cnf")))
          .all();
    } catch (OptionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String at(TestServer server) {
    return server.address().getAddress().getHostAddress() + ":" + server.port();
  }

  private static void assertFound(
      List<Finding> findings, Level level, Item item, String message, String hint) {
    assertTrue(
        findings.stream()
            .anyMatch(
                finding ->
                    finding.level() == level
                        && finding.item() == item
                        && finding.message().contains(message)
                        && finding.hint().contains(hint)),
        () -> findings.stream().map(Finding::toString).collect(Collectors.joining("\n")));
  }

  @Test
  void aServerWithoutTlsIsNamedWithTheAddressThatItSees() {
    List<Finding> findings = check(at(Servers.mysql55()));

    assertFound(findings, OK, Item.SERVER, "MySQL 5.5.9 answers at 127.0.0.1:", "");
    assertFound(findings, OK, Item.SERVER_TLS, "it offers no TLS itself", "");
    assertFound(findings, OK, Item.SERVER_ADDRESS, "'user'@'localhost'", "");
    assertFound(findings, OK, Item.SERVER_HOP, "stays on this host", "");
    assertTrue(
        findings.stream()
            .filter(finding -> finding.item() != Item.CA) // nobody is asked for a certificate
            .allMatch(finding -> finding.level() == OK),
        findings::toString);
  }

  @Test
  void aServerOnAUnixSocketIsCheckedToo() {
    List<Finding> findings = check("unix:" + Servers.mysql55().socket().orElseThrow());

    assertFound(findings, OK, Item.SERVER, "MySQL 5.5.9 answers at unix:", "");
    assertFound(findings, OK, Item.SERVER_ADDRESS, "'user'@'localhost'", "");
  }

  @Test
  void aServerOfTodayAnswersToo() {
    List<Finding> findings = check(at(Servers.container(Container.MYSQL_9_7)));

    assertFound(findings, OK, Item.SERVER, "MySQL 9.7", "");
    assertFound(findings, OK, Item.SERVER_ADDRESS, "'user'@'", "");

    findings = check(at(Servers.container(Container.MARIADB_11_8)));

    assertFound(findings, OK, Item.SERVER, "MariaDB 11.8", "");
    assertFound(findings, OK, Item.SERVER_ADDRESS, "'user'@'", "");
  }

  @Test
  void aServerThatOffersTlsItselfIsAWarning() {
    Container.MYSQL_9_7.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = Container.MYSQL_9_7.startWithTls()) {
      assertFound(check(at(server)), WARNING, Item.SERVER_TLS, "it offers TLS itself", "directly");
    }
  }

  /** MySQL says so only to a user whose password is right. */
  @Test
  void aMariaDbThatInsistsOnTlsIsWrong() {
    Container.MARIADB_11_8.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = Container.MARIADB_11_8.startWithTls()) {
      server.sql("SET GLOBAL require_secure_transport=ON");

      assertFound(
          check(at(server)),
          WRONG,
          Item.SERVER_TLS,
          "it requires TLS",
          "SET GLOBAL require_secure_transport=OFF");
    }
  }

  @Test
  void anAccountOfTheAnonymousUserIsAWarning() throws Exception {
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = Mysql55.start()) {
      server.sql("CREATE USER ''@'localhost'");

      assertFound(
          check(at(server)),
          WARNING,
          Item.SERVER,
          "it admits an unknown user",
          "DROP USER ''@'localhost'");
    }
  }

  @Test
  void aServerWithoutAFreeConnectionIsWrong() throws Exception {
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    try (TestServer server = Mysql55.start("--max-connections=1", "--connect-timeout=600");
        RawClient first = RawClient.greetedWhenFree(server.address());
        RawClient second = RawClient.greetedWhenFree(server.address())) {
      assertTrue(first.socket().isConnected() && second.socket().isConnected());
      assertFound(check(at(server)), WRONG, Item.SERVER, "Too many connections", "max_connections");
    }
  }

  @Test
  void nobodyAtTheAddressIsWrong() throws Exception {
    try (ClosedPort nobody = new ClosedPort()) {
      assertFound(
          check("127.0.0.1:" + nobody.number()),
          WRONG,
          Item.SERVER,
          "does not answer: ",
          "start the server");
    }
    assertFound(
        check("no-such-host.invalid"), WRONG, Item.SERVER, "unknown host", "--backend=HOST:PORT");
  }

  @ParameterizedTest
  @CsvSource({
    "SSH-2.0-OpenSSH_9.9, an SSH server: 'SSH-2.0-OpenSSH_9.9'",
    "220 mail.example.com ESMTP, an SMTP server",
    "+OK ready, a POP3 server",
  })
  void aServiceThatSpeaksFirstIsNamed(String banner, String service) throws Exception {
    byte[] bytes = Wire.of().text(banner + "\r\n").bytes();
    try (ScriptedServer server = ScriptedServer.start(session -> session.sendRaw(bytes))) {
      assertFound(check(at(server)), WRONG, Item.SERVER, NOT_MYSQL + service, "give its address");
    }
  }

  /** These answer what is not theirs as they do in fact. */
  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 400 Bad Request, an HTTP server",
    "-ERR unknown command, a Redis server",
  })
  void aServiceThatWaitsForTheClientIsAskedAndNamed(String answer, String service)
      throws Exception {
    byte[] bytes = Wire.of().text(answer + "\r\n").bytes();
    try (ScriptedServer server =
        ScriptedServer.start(
            session -> {
              session.read(1);
              session.sendRaw(bytes);
            })) {
      assertFound(
          check(at(server), "connect-timeout=2"),
          WRONG,
          Item.SERVER,
          NOT_MYSQL + service,
          "give its address");
    }
  }

  private static String at(ScriptedServer server) {
    return "127.0.0.1:" + server.port();
  }

  @Test
  void checkingOverAndOverDoesNotBlockThisHostAndWhereItIsBlockedOrNotAllowedItSaysSo()
      throws Exception {
    NetworkNamespace.unavailable().ifPresent(reason -> abort(reason));
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    try (NetworkNamespace namespace = NetworkNamespace.create();
        TestServer server =
            Mysql55.startIn(namespace, "--max-connect-errors=" + MAX_CONNECT_ERRORS)) {
      for (int i = 0; i < 5 * MAX_CONNECT_ERRORS; i++) {
        assertFound(check(at(server)), OK, Item.SERVER_ADDRESS, "'user'@'", "");
      }
      assertFound(
          check(at(server)), WARNING, Item.SERVER_HOP, "sees every statement", "unix:/PATH");

      breakOff(server.address());

      Await.until(() -> greetingsErrorCode(server.address()) == HOST_IS_BLOCKED);
      assertFound(check(at(server)), WRONG, Item.SERVER, "it has blocked this host", "flush-hosts");
    }
  }

  private static void breakOff(InetSocketAddress server) throws Exception {
    for (int i = 0; i <= MAX_CONNECT_ERRORS; i++) {
      // Or already that the host is blocked.
      int unused = greetingsErrorCode(server);
    }
  }

  private static int greetingsErrorCode(InetSocketAddress server) throws IOException {
    try (RawClient client = RawClient.connect(server)) {
      return client.read().errorCode();
    }
  }

  @Test
  void aHostWithoutAnAccountIsWrong() throws Exception {
    NetworkNamespace.unavailable().ifPresent(reason -> abort(reason));
    Mysql55.unavailable().ifPresent(reason -> abort(reason));
    try (NetworkNamespace namespace = NetworkNamespace.create();
        TestServer server = Mysql55.startIn(namespace)) {
      server.sql(
          "CREATE USER 'app'@'192.0.2.1'",
          "DELETE FROM mysql.user WHERE user <> 'app'",
          "FLUSH PRIVILEGES");

      assertFound(
          check(at(server)),
          WRONG,
          Item.SERVER_ADDRESS,
          "it has no account for this host",
          "CREATE USER 'user'@'");
    }
  }

  @Test
  void aPortWhereThisProxyRunsIsOkAndWhereAnotherRunsItIsWrong() throws Exception {
    TestServer server = Servers.mysql55();
    try (RunningProxy proxy = RunningProxy.before(server.address())) {
      String port = "port=" + proxy.address().getPort();

      assertFound(check(at(server), port), OK, Item.PORT, "with this certificate", "");

      ProxyCertificates others = ProxyCertificates.shared();
      others
          .authority()
          .issueServer("other.example.com", KeyType.EC)
          .writeTo(others.directory(), "other-cert.pem", "other-key.pem");
      List<Finding> findings =
          check(
              at(server),
              port,
              "ssl-cert=" + others.directory().resolve("other-cert.pem"),
              "ssl-key=" + others.directory().resolve("other-key.pem"));

      assertFound(
          findings, WRONG, Item.PORT, "a server with the certificate CN=localhost", "--port");
    }
  }

  @Test
  void aPortThatAServerOrSomethingElseHasIsWrong() throws Exception {
    TestServer server = Servers.mysql55();

    assertFound(
        check(at(server), "port=" + server.port()),
        WRONG,
        Item.PORT,
        "is taken by MySQL 5.5.9 without TLS",
        "--port");
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Finding> findings =
          check(at(server), "port=" + silent.getLocalPort(), "connect-timeout=2");

      assertFound(findings, WRONG, Item.PORT, "no answer within 2 s", "--port");
    }
  }

  @Test
  void everyItemIsChecked() {
    List<Item> items = check(at(Servers.mysql55())).stream().map(Finding::item).distinct().toList();

    // Which run's clients would have to do.
    assertEquals(Stream.of(Item.values()).filter(item -> item != Item.LOGIN).toList(), items);
  }
}
