package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.FreePort;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log says of a server that cannot be used, at the level at which operators read it. */
class ServerOutageIT {
  @AutoClose private final Opened opened = new Opened();

  @Test
  void anOutageIsOneWarningAndOneLineWhenItIsOverHoweverManyClientsCome() throws Exception {
    int port;
    ProxyProcess process;
    try (ClosedPort nobody = new ClosedPort()) {
      port = nobody.number();
      process = start(port, "log-level=warn", "require=X509");
      process.ready();

      assertTrue(lines(process, "cannot be used: Connection refused").get(0).contains(" WARN "));
      for (int i = 0; i < 10; i++) {
        try (RawClient client = RawClient.connect(process.ready())) {
          assertTrue(client.read().errorText().contains("Connection refused"));
        }
      }
    }
    ServerSocket listener = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
    opened.keep(listener);
    Thread greeter = new Thread(() -> greetAll(listener), "greeter");
    greeter.setDaemon(true);
    greeter.start();

    String back = lines(process, "can be used again").get(0);
    assertTrue(back.endsWith(" s; 10 clients were turned away meanwhile"), back);
    assertEquals(2, process.errors().size(), process.errors()::toString);
  }

  private static void greetAll(ServerSocket listener) {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        socket.getOutputStream().write(Wire.packet(0, Wire.greeting()));
        socket.getInputStream().read();
        socket.getOutputStream().write(Wire.packet(2, Wire.err(1045, "28000", "no")));
      } catch (IOException e) {
        // The next one, or the end of the test.
      }
    }
  }

  @Test
  void aBackendNameThatDoesNotResolveIsAWarningAtTheStart() throws Exception {
    ProxyProcess process =
        opened.keep(
            ProxyProcess.start(ProxyProcess.options("no-such-host.invalid:3306", "require=X509")));
    process.ready();

    String line = lines(process, "cannot be used").get(0);
    assertTrue(line.contains("the server no-such-host.invalid:3306 cannot be used: unknown"), line);
  }

  @Test
  void aHealthCheckThatOnlyConnectsLeavesNoLine() throws Exception {
    ScriptedServer server = opened.keep(ScriptedServer.polite());
    ProxyProcess process = start(server.port(), "require=X509");
    InetSocketAddress address = process.ready();
    int before = process.errors().size();

    for (int i = 0; i < 5; i++) {
      RawClient.connect(address).close();
      RawClient.greeted(address).close();
      RawClient reset = RawClient.greeted(address);
      reset.reset();
    }
    try (RawClient last = RawClient.greeted(address)) {
      last.send(1, Wire.login("root"));
      last.read();
    }

    lines(process, " audit: ");
    List<String> after = process.errors().subList(before, process.errors().size());
    assertEquals(2, after.size(), after::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "SSH-2.0-OpenSSH_9.9, an SSH server: 'SSH-2.0-OpenSSH_9.9'",
  })
  void aServiceThatSpeaksFirstIsNamedAtTheStart(String banner, String service) throws Exception {
    byte[] bytes = Wire.of().text(banner + "\r\n").bytes();
    ScriptedServer server = opened.keep(ScriptedServer.start(session -> session.sendRaw(bytes)));
    ProxyProcess process = start(server.port(), "require=X509");
    InetSocketAddress address = process.ready();

    String line = lines(process, "cannot be used").get(0);

    assertTrue(line.contains("it is not a MySQL server (it looks like " + service + ")"), line);
    try (RawClient client = RawClient.connect(address)) {
      String text = client.read().errorText();
      assertTrue(text.contains("what answers at 127.0.0.1:" + server.port() + " is not"), text);
      assertTrue(text.contains(service), text);
    }
  }

  /** What waits for the client is asked: these answer what is not theirs as they do in fact. */
  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 400 Bad Request, an HTTP server",
    "-ERR unknown command, a Redis server",
  })
  void aServiceThatWaitsForTheClientIsAskedAndNamed(String answer, String service)
      throws Exception {
    byte[] bytes = Wire.of().text(answer + "\r\n").bytes();
    ScriptedServer server =
        opened.keep(
            ScriptedServer.start(
                session -> {
                  session.read(1);
                  session.sendRaw(bytes);
                }));
    ProxyProcess process = start(server.port(), "require=X509");
    process.ready();

    String line = lines(process, "cannot be used").get(0);

    assertTrue(line.contains("it is not a MySQL server (it looks like " + service), line);
  }

  @ParameterizedTest
  @ValueSource(strings = "localhost")
  void aProxyInFrontOfItselfIsFoundOut(String host) throws Exception {
    int port = FreePort.find();
    List<String> options =
        new ArrayList<>(ProxyProcess.options(host + ":" + port, "require=X509", "port=" + port));
    ProxyProcess process = opened.keep(ProxyProcess.start(options));

    InetSocketAddress address = process.ready();

    String line = lines(process, "leads back to this proxy").get(0);
    assertTrue(line.contains(" WARN "), line);
    try (RawClient client = RawClient.connect(address)) {
      String text = client.read().errorText();
      assertTrue(text.contains("--backend leads back to this proxy"), text);
    }
    assertFalse(String.join("\n", process.errors()).contains("Too many connections"));
  }

  private ProxyProcess start(int server, String... options) throws IOException {
    return opened.keep(ProxyProcess.start(ProxyProcess.options("127.0.0.1:" + server, options)));
  }

  private static List<String> lines(ProxyProcess process, String text) throws Exception {
    Await.until(() -> process.errors().stream().anyMatch(line -> line.contains(text)));
    return process.errors().stream().filter(line -> line.contains(text)).toList();
  }
}
