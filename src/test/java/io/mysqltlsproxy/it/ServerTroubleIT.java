package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.ClosedPort;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client is told when the server cannot be reached, or misbehaves. */
class ServerTroubleIT {
  @AutoClose private final Opened opened = new Opened();

  @Test
  void aPortWhereNobodyListensIsError1158() throws Exception {
    ClosedPort nobody = opened.keep(new ClosedPort());

    assertCannotConnect("127.0.0.1:" + nobody.number(), "Connection refused");
  }

  @Test
  void aMissingUnixSocketIsError1158(@TempDir Path directory) throws Exception {
    assertCannotConnect("unix:" + directory.resolve("none.sock"), "no such socket");
  }

  @Test
  void anUnknownHostIsError1158() throws Exception {
    // A resolver that reaches no name server takes its time to say so.
    assertCannotConnect("nowhere.invalid:3306", "unknown host", "connect-timeout=60");
  }

  @Test
  void aServerThatClosesBeforeItsGreetingIsError1158() throws Exception {
    ScriptedServer server = server(session -> session.socket().close());

    assertCannotConnect("127.0.0.1:" + server.port(), "closed the connection before its greeting");
  }

  @Test
  void aServerThatResetsBeforeItsGreetingIsError1158() throws Exception {
    ScriptedServer server =
        server(
            session -> {
              session.socket().setSoLinger(true, 0);
              session.socket().close();
            });

    assertCannotConnect("127.0.0.1:" + server.port(), "closed the connection before its greeting");
  }

  @Test
  void aServerThatNeverGreetsIsError1158() throws Exception {
    ScriptedServer server = server(session -> session.read());

    assertCannotConnect("127.0.0.1:" + server.port(), "sent no greeting", "connect-timeout=2");
  }

  @ParameterizedTest
  @CsvSource({
    "1040, Too many connections",
    "1129, Host '10.0.0.1' is blocked because of many connection errors",
    "1130, Host '10.0.0.1' is not allowed to connect to this MySQL server"
  })
  void anErrInPlaceOfAGreetingReachesTheClientByteForByte(int code, String text) throws Exception {
    byte[] err = Wire.err(code, "", text);
    ScriptedServer server = server(session -> session.send(0, err));
    RunningProxy proxy = proxy("127.0.0.1:" + server.port());
    RawClient client = RawClient.connect(proxy.address());

    assertArrayEquals(Wire.packet(0, err), client.read(4 + err.length));

    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains(text), proxy.line(client));
    assertEquals(0, server.session().received().length);
  }

  @Test
  void anErrAfterTheLoginReachesTheClientUnderItsOwnNumber() throws Exception {
    byte[] err = Wire.err(1040, "08004", "Too many connections");
    ScriptedServer server = refusing(err);
    RunningProxy proxy = proxy("127.0.0.1:" + server.port());
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE);

    client.send(2, Wire.login("root"));

    Packet refused = client.read();
    assertEquals(3, refused.sequenceId());
    assertArrayEquals(err, refused.payload());
    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains("refused the login"), proxy.line(client));
  }

  @ParameterizedTest
  @CsvSource({"HTTP/1.1 400 Bad Request", "SSH-2.0-OpenSSH_9.9", "''"})
  void aGreetingThatIsNoneIsSaidToBeTheServersFault(String garbage) throws Exception {
    ScriptedServer server = server(session -> session.send(0, Wire.of().text(garbage).bytes()));

    assertFault(server, "the server violated the protocol");
  }

  @Test
  void aServerThatSpeaksAnotherProtocolIsSaidToBeAtFault() throws Exception {
    byte[] banner = Wire.of().text("SSH-2.0-OpenSSH_9.9p1 Debian\r\n").bytes();
    ScriptedServer server = server(session -> session.sendRaw(banner));

    assertFault(
        server,
        "what answers at 127.0.0.1:"
            + server.port()
            + " is not a MySQL server (it looks like an SSH server: 'SSH-2.0-OpenSSH_9.9p1"
            + " Debian')");
  }

  @Test
  void aProtocol9GreetingIsNamedAsTheReason() throws Exception {
    byte[] greeting = Wire.of(9).text("3.20.0\0\1\0\0\0" + "12345678\0").bytes();
    ScriptedServer server = server(session -> session.send(0, greeting));

    assertFault(server, "protocol version is 9");
  }

  @Test
  void aServerThatClosesInTheMiddleOfTheLoginIsError1158() throws Exception {
    ScriptedServer server =
        server(
            session -> {
              session.send(0, Wire.greeting());
              session.read();
              session.socket().close();
            });
    RunningProxy proxy = proxy("127.0.0.1:" + server.port());
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE);

    client.send(2, Wire.login("root"));

    Packet lost = client.read();
    assertEquals(3, lost.sequenceId());
    assertEquals(1158, lost.errorCode());
    assertTrue(lost.errorText().startsWith("#08S01Lost connection"), lost.errorText());
    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains("the server closed"), proxy.line(client));
  }

  @Test
  void anAnswerOutOfOrderInTheLoginIsSaidToBeTheServersFault() throws Exception {
    ScriptedServer server =
        server(
            session -> {
              session.send(0, Wire.greeting());
              session.read();
              session.send(7, Wire.ok());
            });
    RunningProxy proxy = proxy("127.0.0.1:" + server.port());
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE);

    client.send(2, Wire.login("root"));

    Packet fault = client.read();
    assertEquals(3, fault.sequenceId());
    assertEquals(1105, fault.errorCode());
    assertTrue(fault.errorText().contains("sequence id 7"), fault.errorText());
  }

  @Test
  void aClientThatVanishesDuringTheAuthenticationLeavesACleanEnd() throws Exception {
    ScriptedServer server =
        server(
            session -> {
              session.send(0, Wire.greeting());
              session.read();
              session.send(2, Wire.authSwitchRequest(Wire.NATIVE, "abcdefghijklmnopqrst"));
              assertArrayEquals(Wire.packet(3, new byte[0]), session.read(4));
              session.send(4, Wire.err(1045, "28000", "Access denied"));
            });
    RunningProxy proxy = proxy("127.0.0.1:" + server.port());
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE);
    client.send(2, Wire.login("root"));
    client.read();

    client.reset();

    assertTrue(server.session().isOver());
    byte[] seen = Wire.of().add(Wire.packet(1, Wire.login("root"))).add(0, 0, 0, 3).bytes();
    assertArrayEquals(seen, server.session().received());
    assertTrue(proxy.line(client).contains("the client closed"), proxy.line(client));
  }

  private void assertCannotConnect(String backend, String why, String... options) throws Exception {
    RunningProxy proxy = proxy(backend, options);
    RawClient client = RawClient.connect(proxy.address());

    Packet error = client.read();

    assertEquals(0, error.sequenceId());
    assertEquals(1158, error.errorCode());
    assertTrue(
        error.errorText().startsWith("Can't connect to MySQL server on '" + backend + "' ("),
        error.errorText());
    assertTrue(error.errorText().contains(why), error.errorText());
    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains(why), proxy.line(client));
    assertEquals(List.of(), proxy.complaints());
  }

  private void assertFault(ScriptedServer server, String reason) throws Exception {
    RunningProxy proxy = proxy("127.0.0.1:" + server.port());
    RawClient client = RawClient.connect(proxy.address());

    Packet error = client.read();

    assertEquals(0, error.sequenceId());
    assertEquals(1105, error.errorCode());
    assertFalse(error.errorText().startsWith("#"), error.errorText());
    assertTrue(error.errorText().contains(reason), error.errorText());
    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains(reason), proxy.line(client));
    assertEquals(List.of(), proxy.complaints());
  }

  private ScriptedServer refusing(byte[] err) throws IOException {
    return server(
        session -> {
          session.send(0, Wire.greeting());
          session.read();
          session.send(2, err);
        });
  }

  private ScriptedServer server(ScriptedServer.Script script) throws IOException {
    return opened.keep(ScriptedServer.start(script));
  }

  private RunningProxy proxy(String backend, String... options) throws IOException {
    return opened.keep(RunningProxy.beforeBackend(backend, options));
  }
}
