package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Opened;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.ServerRecord;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** COM_CHANGE_USER: a login in the middle of a session. */
class ChangeUserIT {
  private static final byte[] NO_PASSWORD = {};
  private static final byte[] WRONG_PASSWORD = "12345678901234567890".getBytes(US_ASCII);

  @AutoClose private final Opened opened = new Opened();

  /** Each of these, sent directly, would end a MySQL 5.5.9 server for everybody. */
  static Stream<byte[]> malformed() {
    byte[] whole = Wire.changeUser("root", new byte[20], Wire.NATIVE);
    byte[] authenticationTooLong = whole.clone();
    authenticationTooLong[6] = (byte) 0xFF;
    return Stream.of(
        Wire.of(0x11).bytes(),
        Wire.of(0x11).text("root").bytes(),
        Wire.of(0x11).text("root\0").bytes(),
        Arrays.copyOf(whole, 15),
        authenticationTooLong,
        Arrays.copyOf(whole, 7 + 20));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void aMalformedOneIsRefusedAndTheServerLives(byte[] command) throws Exception {
    TestServer server = Servers.mysql55();
    String uptime = uptime(server);
    RunningProxy proxy = proxy(server.address());
    RawClient client = logIn(proxy);

    client.send(0, command);

    Packet error = client.read();
    assertEquals(1, error.sequenceId());
    assertEquals(1047, error.errorCode());
    assertEquals("#08S01Unknown command", error.errorText());
    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains("COM_CHANGE_USER"), proxy.line(client));
    assertTrue(Integer.parseInt(uptime(server)) >= Integer.parseInt(uptime));
    assertEquals(List.of(), proxy.complaints());
  }

  @Test
  void oneOfMoreThan128KibIsRefusedBeforeItHasCome() throws Exception {
    RunningProxy proxy = proxy(Servers.mysql55().address());
    RawClient client = logIn(proxy);

    client.sendRaw(Wire.header(128 * 1024 + 1, 0).add(0x11).text("root\0").bytes());

    assertEquals(1047, client.read().errorCode());
    assertTrue(client.isAtEnd());
    assertTrue(proxy.line(client).contains("131073 bytes"), proxy.line(client));
  }

  @Test
  void nothingOfAMalformedOneReachesTheServer() throws Exception {
    ScriptedServer server = scripted(ScriptedServer::polite);
    RunningProxy proxy = proxy(server.address());
    RawClient client = logIn(proxy);
    client.send(0, Wire.query("SELECT 1"));
    client.read();

    client.send(0, Wire.of(0x11).text("laura").bytes());

    assertEquals(1047, client.read().errorCode());
    assertTrue(server.session().isOver());
    assertFalse(ServerRecord.text(server.session()).contains("laura"));
  }

  @Test
  void comMultiWhichCouldHideOneIsRefused() throws Exception {
    ScriptedServer server = scripted(ScriptedServer::polite);
    RawClient client = logIn(proxy(server.address()));

    client.send(0, Wire.of(0xFE).text("hidden").bytes());

    assertEquals(1047, client.read().errorCode());
    assertFalse(ServerRecord.text(server.session()).contains("hidden"));
  }

  static Stream<TestServer> serversThatKeepTheSession() {
    return Stream.of(Servers.mysql55(), Servers.mariaDb(MariaDb.MARIADB_11_4));
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("serversThatKeepTheSession")
  void aWrongPasswordKeepsTheSessionAsTheOldUserWhereTheServerDoes(TestServer server)
      throws Exception {
    RawClient client = logIn(proxy(server.address()));

    changeUser(client, "root", WRONG_PASSWORD, 1045);

    client.run("DO 1");
  }

  @Test
  void aWrongPasswordEndsTheSessionWhereTheServerDoes() throws Exception {
    RawClient client = logIn(proxy(Servers.mysql56().address()));

    changeUser(client, "root", WRONG_PASSWORD, 1045);

    assertTrue(client.isAtEnd());
  }

  @Test
  void aRightOneMayComeSplitAnywhere() throws Exception {
    ScriptedServer server = scripted(ScriptedServer::polite);
    RawClient client = logIn(proxy(server.address()));
    byte[] command = Wire.packet(0, Wire.changeUser("laura", new byte[20], Wire.NATIVE));

    for (int split = 1; split < command.length; split++) {
      client.sendRaw(Arrays.copyOf(command, split));
      Thread.sleep(3);
      client.sendRaw(Arrays.copyOfRange(command, split, command.length));
      assertTrue(client.read().isOk(), "split at " + split);
    }
  }

  @Test
  void theNextCommandMayComeInTheSameSegment() throws Exception {
    for (TestServer server : List.of(Servers.mysql55(), Servers.mariaDb(MariaDb.MARIADB_11_4))) {
      RawClient client = logIn(proxy(server.address()));

      client.sendRaw(
          Wire.of()
              .add(Wire.packet(0, Wire.query("DO 1")))
              .add(Wire.packet(0, Wire.changeUser("root", NO_PASSWORD, Wire.NATIVE)))
              .bytes());

      assertTrue(client.read().isOk());
      Packet ok = client.read();
      if (ok.first() == 0xFE) {
        client.send(2, NO_PASSWORD);
        ok = client.read();
      }
      assertTrue(ok.isOk(), server + ": " + ok);
    }
  }

  @Test
  void aCommandBehindItWaitsForItsOk() throws Exception {
    ScriptedServer server = scripted(ScriptedServer::polite);
    RawClient client = logIn(proxy(server.address()));

    client.sendRaw(
        Wire.of()
            .add(Wire.packet(0, Wire.changeUser("laura", new byte[20], Wire.NATIVE)))
            .add(Wire.packet(0, Wire.query("SELECT 2")))
            .bytes());

    assertTrue(client.read().isOk());
    Packet answer = client.read();
    assertTrue(answer.isOk());
    assertEquals(1, answer.sequenceId());
  }

  /**
   * Were the numbers of an endless authentication followed until they begin at 0 again, the client
   * could slip in a command that nobody looks at.
   */
  @Test
  void noCommandSlipsThroughBehindAnEndlessAuthentication() throws Exception {
    ScriptedServer server =
        scripted(
            ScriptedServer.admitting(
                session -> {
                  session.read();
                  session.send(1, Wire.ok());
                  session.read();
                  for (int i = 1; i <= 255; i++) {
                    session.send(i, Wire.of(1).text("more").bytes());
                  }
                }));
    RunningProxy proxy = proxy(server.address());
    RawClient client = logIn(proxy);
    client.sendRaw(
        Wire.of()
            .add(Wire.packet(0, Wire.query("DO 1")))
            .add(Wire.packet(0, Wire.changeUser("root", NO_PASSWORD, Wire.NATIVE)))
            .bytes());

    Packet packet = client.read();
    while (packet.sequenceId() < 255 && packet.errorCode() < 0) {
      packet = client.read();
    }
    client.send(0, Wire.changeUser("evil", NO_PASSWORD, Wire.NATIVE));
    boolean closed = client.readToTheEnd(1_000_000) == 0;

    assertFalse(ServerRecord.text(server.session()).contains("evil"));
    assertTrue(closed);
    assertTrue(proxy.line(client).contains("without an end"), proxy.line(client));
  }

  private static void changeUser(RawClient client, String user, byte[] password, int code)
      throws IOException {
    client.send(0, Wire.changeUser(user, password, Wire.NATIVE));
    Packet answer = client.read();
    if (answer.first() == 0xFE) {
      client.send(answer.sequenceId() + 1, password);
      answer = client.read();
    }
    assertEquals(code, answer.errorCode(), answer.toString());
  }

  private static String uptime(TestServer server) {
    return server.sql("SHOW STATUS LIKE 'Uptime'").get(0).get(1);
  }

  private RawClient logIn(RunningProxy proxy) throws IOException {
    RawClient client = opened.keep(proxy.encrypt());
    client.send(2, Wire.login("root"));
    Packet answer = client.read();
    if (answer.first() == 0xFE) {
      client.send(4, NO_PASSWORD);
      answer = client.read();
    }
    assertTrue(answer.isOk(), answer.toString());
    return client;
  }

  private ScriptedServer scripted(ScriptedServer.Script script) throws IOException {
    return opened.keep(ScriptedServer.start(script));
  }

  private RunningProxy proxy(InetSocketAddress server) throws IOException {
    return opened.keep(RunningProxy.before(server));
  }
}
