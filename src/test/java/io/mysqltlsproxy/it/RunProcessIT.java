package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program: what it says, and with which status it ends. */
class RunProcessIT {
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void aSigtermWaitsForTheClientsAndEndsWithStatus0() throws Exception {
    ScriptedServer server = server();
    ProxyProcess process = start(flags(server.port()));
    InetSocketAddress address = process.ready();
    RawClient client = logIn(address);

    process.terminate();
    Thread.sleep(1_500);

    client.send(0, Wire.query("SELECT 1"));
    assertTrue(client.read().isOk());
    assertTrue(process.isRunning());
    client.send(0, new byte[] {1});
    client.close();
    assertEquals(0, process.status(), process.errors()::toString);
  }

  @Test
  void aSigtermClosesClientsThatStayWhenTheDrainTimeoutIsOver() throws Exception {
    ScriptedServer server = server();
    Map<String, String> flags = flags(server.port());
    flags.put("drain-timeout", "1");
    ProxyProcess process = start(flags);
    RawClient client = logIn(process.ready());

    process.terminate();

    assertTrue(client.read().errorText().contains("Server shutdown in progress"));
    assertTrue(client.isAtEnd());
    assertEquals(0, process.status(), process.errors()::toString);
    assertTrue(String.join("\n", process.errors()).contains("the proxy is ending"));
  }

  @Test
  void aSigtermWithoutClientsEndsAtOnceWithStatus0() throws Exception {
    ProxyProcess process = start(flags(server().port()));
    process.ready();

    process.terminate();

    assertEquals(0, process.status(), process.errors()::toString);
  }

  @Test
  void aSighupReadsTheFilesAgain() throws Exception {
    ProxyProcess process = start(flags(server().port()));
    process.ready();

    process.hangUp();

    Await.until(() -> !process.errors().isEmpty());
    String line = String.join("\n", process.errors());
    assertTrue(
        line.endsWith(
            " reload: reloaded as it was told to: the same certificates and CRLs; rules of 0"
                + " accounts"),
        line);
    assertTrue(process.isRunning());
  }

  @Test
  void aPortInUseIsStatus1AndOneLine() throws Exception {
    ScriptedServer server = server();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> flags = flags(server.port());
      flags.put("port", String.valueOf(taken.getLocalPort()));
      ProxyProcess process = start(flags);

      assertEquals("", process.firstLine());
      assertEquals(1, process.status());
      assertEquals(1, process.errors().size(), process.errors()::toString);
      String line = process.errors().get(0);
      assertTrue(line.contains("--port=" + taken.getLocalPort()), line);
      assertTrue(line.toLowerCase(Locale.ROOT).contains("in use"), line);
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
    Map<String, String> flags = flags(1);
    flags.put(option, value);
    ProxyProcess process = start(flags);

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
    Map<String, String> flags = flags(server.port());
    flags.put("require", "X509");
    ProxyProcess process = start(flags, jvm.split(" "));
    InetSocketAddress address = process.ready();

    try (RawClient laura = RawClient.encrypted(address, ClientTls.LAURA)) {
      laura.send(2, Wire.login("laura"));
      assertTrue(laura.read().isOk());
      laura.send(0, Wire.query("SELECT 1"));
      assertTrue(laura.read().isOk());
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
        6,
        process.errors().stream().filter(line -> line.contains(" connection: ")).count(),
        process.errors()::toString);
    assertTrue(process.errors().stream().noneMatch(line -> line.contains("ERROR unexpected")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Dsome=thing", "-Dio.netty.transport.noNative=true"})
  void theServersUnixSocketServesAsWell(String jvm) throws Exception {
    Map<String, String> flags = flags(1);
    flags.put("backend", "unix:" + Servers.mysql55().socket().orElseThrow());
    InetSocketAddress address = start(flags, jvm).ready();

    RawClient client = logIn(address);

    client.send(0, Wire.query("DO 1"));
    assertTrue(client.read().isOk());
  }

  private RawClient logIn(InetSocketAddress address) throws IOException {
    RawClient client = RawClient.encrypted(address, ClientTls.NONE);
    opened.add(0, client);
    client.send(2, Wire.login("root"));
    assertTrue(client.read().isOk());
    return client;
  }

  private static Map<String, String> flags(int backendPort) {
    Map<String, String> flags = new HashMap<>(RunningProxy.flags("127.0.0.1:" + backendPort));
    flags.put("port", "0");
    return flags;
  }

  private ProxyProcess start(Map<String, String> flags, String... jvm) throws IOException {
    ProxyProcess process =
        ProxyProcess.start(
            flags.entrySet().stream()
                .map(flag -> "--" + flag.getKey() + "=" + flag.getValue())
                .toList(),
            jvm);
    opened.add(0, process);
    return process;
  }

  private ScriptedServer server() throws IOException {
    ScriptedServer server = ScriptedServer.polite();
    opened.add(server);
    return server;
  }
}
