package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.ServerRecord;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program: what it says, and with which status it ends. */
class RunProcessIT {
  @AutoClose private final Opened opened = new Opened();

  /** The test needs a server that says whether a transaction is open. */
  @Test
  void aSigtermWaitsForTheEndOfATransaction() throws Exception {
    ProxyProcess process =
        start(ProxyProcess.options("unix:" + Servers.mysql55().socket().orElseThrow()));
    RawClient client = logIn(process.ready());
    RawClient idle = logIn(process.ready());
    client.run("BEGIN");

    process.terminate();

    // As soon as this one is told to go, the other has stayed as long, and longer.
    assertTrue(idle.read().errorText().contains("Server shutdown in progress"));
    client.run("DO 1");
    client.run("COMMIT");
    assertTrue(client.read().errorText().contains("Server shutdown in progress"));
    assertTrue(client.isAtEnd());
    assertEquals(0, process.status(), process.errors()::toString);
  }

  @Test
  void aSigtermWithIdleClientsEndsLongBeforeTheDrainTimeout() throws Exception {
    ProxyProcess process = start(server(), "drain-timeout=3600");
    RawClient client = logIn(process.ready());
    client.run("SELECT 1");

    process.terminate();

    assertEquals(0, process.status(), process.errors()::toString);
    // A statement that crosses the goodbye has an answer, and the server never sees it.
    client.send(0, Wire.query("SELECT 2"));
    assertEquals(1053, client.read().errorCode());
  }

  @Test
  void aSigtermClosesClientsThatStayWhenTheDrainTimeoutIsOver() throws Exception {
    ScriptedServer server = server();
    ProxyProcess process = start(server, "drain-timeout=1");
    RawClient client = logIn(process.ready());

    process.terminate();

    assertTrue(client.read().errorText().contains("Server shutdown in progress"));
    assertTrue(client.isAtEnd());
    assertEquals(0, process.status(), process.errors()::toString);
    assertTrue(String.join("\n", process.errors()).contains("the proxy is ending"));
  }

  @Test
  void aSigtermWithoutClientsEndsAtOnceWithStatus0() throws Exception {
    ProxyProcess process = start(server());
    process.ready();

    process.terminate();

    assertEquals(0, process.status(), process.errors()::toString);
  }

  @Test
  void aSighupReadsTheFilesAgain() throws Exception {
    ProxyProcess process = start(server());
    process.ready();

    process.hangUp();

    Await.until(() -> String.join("\n", process.errors()).contains(" reload: "));
    String line = String.join("\n", process.errors());
    assertTrue(
        line.endsWith(
            " reload: reloaded on SIGHUP: the same certificates, CRLs and ticket keys;"
                + " rules for 0 accounts, unchanged"),
        line);
    assertTrue(process.isRunning());
  }

  @Test
  void aPortInUseIsStatus1AndOneLine() throws Exception {
    ScriptedServer server = server();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProxyProcess process = start(server, "port=" + taken.getLocalPort(), "require=X509");

      assertEquals("", process.firstLine());
      assertEquals(1, process.status());
      assertEquals(1, process.errors().size(), process.errors()::toString);
      String line = process.errors().get(0);
      assertTrue(line.contains("--port=" + taken.getLocalPort()), line);
      assertTrue(line.toLowerCase(Locale.ROOT).contains("in use"), line);
      assertTrue(line.endsWith("or stop the process that is using it (ss -ltnp shows it)"), line);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "port, 99999",
    "backend, nowhere:port",
    "ssl-cert, /does/not/exist.pem",
    "tls-version, SSLv3",
    "require, ISSUER",
    "log-level, loud",
    "no-such-option, 1"
  })
  void aBadOptionIsStatus2AndOneLineThatNamesIt(String option, String value) throws Exception {
    ProxyProcess process = start(ProxyProcess.options("127.0.0.1:1", option + "=" + value));

    assertEquals("", process.firstLine());
    assertEquals(2, process.status());
    assertEquals(1, process.errors().size(), process.errors()::toString);
    String line = process.errors().get(0);
    assertTrue(line.startsWith("mysql-tls-proxy: "), line);
    assertTrue(line.contains(option), line);
    assertTrue(option.startsWith("no-such") || line.contains(value), line);
    assertTrue(line.contains("; "), "no cure: " + line);
  }

  /** Both engines, and both transports. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Dio.mysqltlsproxy.engine=jdk",
        "-Dio.netty.transport.noNative=true",
        "-Dio.mysqltlsproxy.engine=jdk -Dio.netty.transport.noNative=true"
      })
  void everyEngineAndTransportTreatsGoodAndBadClientsAlike(String jvm) throws Exception {
    ScriptedServer server = server();
    ProxyProcess process =
        start(ProxyProcess.options("127.0.0.1:" + server.port(), "require=X509"), jvm.split(" "));
    InetSocketAddress address = process.ready();

    try (RawClient laura = RawClient.encrypted(address, ClientTls.LAURA)) {
      laura.logIn("laura");
      laura.run("SELECT 1");
    }
    try (RawClient nobody = RawClient.encrypted(address, ClientTls.NONE)) {
      nobody.send(2, Wire.login("laura"));
      assertEquals(1045, nobody.read().errorCode());
      assertTrue(nobody.isAtEnd());
    }
    try (RawClient large = RawClient.encrypted(address, ClientTls.NONE)) {
      large.sendRaw(Wire.header(0xFFFFFF, 2).bytes());
      assertEquals(1153, large.read().errorCode());
      assertTrue(large.isAtEnd());
    }
    try (RawClient smuggler = RawClient.greeted(address)) {
      smuggler.sendRaw(
          Wire.of()
              .add(Wire.packet(1, Wire.sslRequest(Wire.USUAL)))
              .add(Wire.packet(2, Wire.login("smuggler")))
              .bytes());
      smuggler.readToTheEnd(100);
    }
    try (RawClient direct = RawClient.greeted(address)) {
      direct.sendRaw(RawClient.clientHello(ClientTls.NONE));
      assertTrue(direct.isAtEnd());
    }
    try (RawClient plain = RawClient.greeted(address)) {
      plain.send(1, Wire.login("root"));
      assertEquals(3159, plain.read().errorCode());
      assertTrue(plain.isAtEnd());
    }
    RawClient gone = RawClient.greeted(address);
    gone.reset();
    for (ScriptedServer.Session session : server.sessions()) {
      assertTrue(session.isOver());
      assertFalse(ServerRecord.text(session).contains("smuggler"));
    }
    assertEquals(
        5,
        process.errors().stream().filter(line -> line.contains(" connection: ")).count(),
        process.errors()::toString);
    assertTrue(process.errors().stream().noneMatch(line -> line.contains("ERROR unexpected")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Dsome=thing", "-Dio.netty.transport.noNative=true"})
  void theServersUnixSocketServesAsWell(String jvm) throws Exception {
    String backend = "unix:" + Servers.mysql55().socket().orElseThrow();
    InetSocketAddress address = start(ProxyProcess.options(backend), jvm).ready();

    RawClient client = logIn(address);

    client.run("DO 1");
  }

  private RawClient logIn(InetSocketAddress address) throws IOException {
    return opened.keep(RawClient.loggedIn(address, ClientTls.NONE, "root"));
  }

  private ProxyProcess start(ScriptedServer server, String... options) throws IOException {
    return start(ProxyProcess.options("127.0.0.1:" + server.port(), options));
  }

  private ProxyProcess start(List<String> options, String... jvm) throws IOException {
    return opened.keep(ProxyProcess.start(options, jvm));
  }

  private ScriptedServer server() throws IOException {
    return opened.keep(ScriptedServer.polite());
  }
}
