package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From an account that no rule names, COM_CHANGE_USER to one whose rule the client does not meet:
 * by drivers, and by hand from wherever it could hide. MySQL 5.5.9's own log says that none
 * arrives.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangeUserRulesIT {
  private static final byte[] LOAD =
      Wire.query("LOAD DATA LOCAL INFILE 'x' INTO TABLE test.loaded");
  private static final int LOCAL_FILES = 1 << 7;
  private static final int FLAGS = Wire.USUAL | LOCAL_FILES;
  private static final int SIXTEEN_MIB = 0xFFFFFF;
  private static final byte[] EMPTY = {};
  private static final List<String> RULED = List.of("ruled", "r\u00fcled", "\u00c3\u00bcruled");
  private static final String PASSWORD = "secret";

  /** How long the client waits for more that it must answer before it looks whether it is in. */
  private static final int PAUSE_MILLIS = 1000;

  /** How often: one of 16 MB takes a busy server its time. */
  private static final int MAX_PAUSES = 30;

  private final LoggingServer server;
  private final Path rules;
  private final RunningProxy proxy;

  ChangeUserRulesIT(@TempDir Path directory) throws IOException {
    server = LoggingServer.start(directory, "--max-allowed-packet=64M");
    rules =
        Files.writeString(
            directory.resolve("accounts.sql"),
            """
            ALTER USER 'ruled'@'%' REQUIRE SUBJECT '/CN=mallory';
            ALTER USER 'r\u00fcled'@'%' REQUIRE SUBJECT '/CN=mallory';
            ALTER USER '\u00c3\u00bcruled'@'%' REQUIRE SUBJECT '/CN=mallory';
            ALTER USER 'ruled_app'@'%' REQUIRE SUBJECT '/CN=mallory';
            ALTER USER 'lawful'@'%' REQUIRE SUBJECT '/CN=laura';
            ALTER USER 'lawful_app'@'%' REQUIRE SUBJECT '/O=Test/CN=client';
            """);
    proxy = RunningProxy.before(server.server().address(), "accounts=" + rules);
  }

  @BeforeAll
  void createTheAccounts() {
    for (String user : List.of("anybody", "ruled", "lawful", "r\u00fcled", "\u00c3\u00bcruled")) {
      server.server().sql("GRANT ALL ON *.* TO '" + user + "'@'localhost'");
    }
    for (String user : List.of("anybody_app", "ruled_app", "lawful_app")) {
      String account = "'" + user + "'@'localhost' IDENTIFIED BY '" + PASSWORD + "'";
      server.server().sql("GRANT ALL ON *.* TO " + account);
    }
    server.server().sql("CREATE TABLE test.loaded (line BLOB)");
  }

  @AfterAll
  void end() {
    proxy.close();
    server.close();
  }

  /** A driver's way to change the user: what CURRENT_USER() says then. */
  private interface Change {
    String to(Login login, String user) throws Client.Failure;
  }

  @TestFactory
  Stream<DynamicTest> drivers() {
    Stream<JdbcClient> connectorJ =
        Stream.of(
                JdbcDriver.CONNECTOR_J_5_1,
                JdbcDriver.CONNECTOR_J_8,
                JdbcDriver.CONNECTOR_J_9,
                JdbcDriver.CONNECTOR_J_26)
            .map(JdbcClient::new);
    return Stream.concat(
        connectorJ.map(
            client -> driver(client, (login, user) -> client.changeUser(login, user, PASSWORD))),
        Stream.of(ScriptClient.pyMysql(), ScriptClient.mysql2())
            .map(
                client ->
                    driver(client, (login, user) -> client.changeUser(login, user, PASSWORD))));
  }

  private DynamicTest driver(Client client, Change change) {
    return dynamicTest(
        client.toString(),
        () -> {
          client.unavailable().ifPresent(Assumptions::abort);
          Login login = Login.through(proxy, "anybody_app", PASSWORD);
          assertEquals("lawful_app@localhost", change.to(login, "lawful_app"));
          LoggingServer.Mark before = server.mark();

          Client.Failure failure =
              assertThrows(Client.Failure.class, () -> change.to(login, "ruled_app"));

          String text = String.valueOf(failure.getMessage());
          assertTrue(
              text.matches("1045 (28000 )?Access denied for user 'ruled_app'@'localhost' .*"),
              text);
          assertFalse(server.loggedSince(before).contains("ruled"));
        });
  }

  @Test
  void theRefusalIsMysqlsOwnAndEndsTheSession() throws Exception {
    try (RawClient client = logIn(FLAGS)) {
      client.send(0, changeUser("ruled"));

      Packet error = client.read();
      assertEquals(1, error.sequenceId());
      assertEquals(1045, error.errorCode());
      assertEquals(
          "#28000Access denied for user 'ruled'@'localhost' (using password: NO)",
          error.errorText());
      assertTrue(client.isAtEnd());
    }
  }

  /** Where a change of user could hide; returns the client to end. */
  private interface Hiding {
    RawClient of(String user) throws IOException;
  }

  /** From here a lawful one comes through, so that its refusal is the rules' doing. */
  @TestFactory
  Stream<DynamicTest> hidingPlacesFromWhichALawfulOnePasses() {
    return Stream.of(
            hiding("nowhere", this::inNewSession, user -> packet(0, user)),
            hiding(
                "behind another command",
                this::inNewSession,
                user -> joined(Wire.packet(0, Wire.query("DO 1")), packet(0, user))),
            hiding(
                "behind a command of 16 MB",
                this::inNewSession,
                user ->
                    joined(
                        Wire.packet(0, Wire.query("#".repeat(SIXTEEN_MIB - 1))),
                        Wire.packet(1, EMPTY),
                        packet(0, user))),
            hiding(
                "behind the login",
                this::beforeTheLogin,
                user -> joined(Wire.packet(2, login(FLAGS)), packet(0, user))),
            hiding(
                "behind a login that asks for TLS again",
                this::beforeTheLogin,
                user -> joined(Wire.packet(2, login(FLAGS | Wire.SSL)), packet(0, user))),
            hiding(
                "behind a file that ends where numbers wrap",
                this::sendingAFile,
                user -> joined(fileFrames(254), Wire.packet(255, EMPTY), packet(0, user))),
            dynamicTestsOf("byte by byte", this::byteByByte))
        .flatMap(tests -> tests);
  }

  private interface Opening {
    RawClient open() throws IOException;
  }

  private interface Bytes {
    byte[] of(String user) throws IOException;
  }

  private Stream<DynamicTest> hiding(String where, Opening opening, Bytes bytes) {
    return dynamicTestsOf(
        where,
        user -> {
          RawClient client = opening.open();
          client.sendRaw(bytes.of(user));
          return client;
        });
  }

  private Stream<DynamicTest> dynamicTestsOf(String where, Hiding hiding) {
    return Stream.of(
        dynamicTest(where + ": refused", () -> assertRefused(hiding)),
        dynamicTest(where + ": a lawful one passes", () -> assertPasses(hiding)));
  }

  /** From here none comes through, whoever wants it. */
  @TestFactory
  Stream<DynamicTest> hidingPlacesFromWhichNonePasses() {
    return Stream.of(
            hiding(
                "without a character set and a plugin",
                this::inNewSession,
                user -> Wire.packet(0, Wire.of(0x11).text(user).add(0, 0, 0).bytes())),
            hiding(
                "behind a lawful one that the server still asks about",
                this::inNewSession,
                user -> joined(packet(0, "anybody"), packet(0, user))),
            hiding(
                "in a compressed packet", this::inNewSession, user -> compressed(packet(0, user))),
            hiding(
                "in a deflated packet that looks like one",
                this::inNewSession,
                user -> deflated(packet(0, user))),
            hiding(
                "behind an SSLRequest inside TLS",
                this::beforeTheLogin,
                user -> joined(Wire.packet(2, Wire.sslRequest(FLAGS)), packet(0, user))),
            hiding(
                "as the login",
                this::beforeTheLogin,
                user -> joined(packet(2, user), packet(0, user))),
            hiding(
                "numbered as the login's next packet",
                this::beforeTheLogin,
                user -> joined(Wire.packet(2, login(FLAGS)), packet(3, user))),
            hiding(
                "in place of the authentication that the server asks for",
                this::switching,
                user -> joined(packet(4, user), packet(0, user))),
            hiding(
                "in a COM_MULTI",
                this::inNewSession,
                user -> {
                  byte[] inside = changeUser(user);
                  return Wire.packet(0, Wire.of(0xFE, inside.length).add(inside).bytes());
                }),
            hiding(
                "in a first frame of 16 MB",
                this::inNewSession,
                user -> Wire.header(SIXTEEN_MIB, 0).add(changeUser(user)).bytes()),
            hiding(
                "behind numbers that wrap with no file sent",
                this::inNewSession,
                user ->
                    joined(Wire.packet(0, Wire.query("DO 1")), fileFrames(255), packet(0, user))),
            hiding(
                "behind a packet numbered 255 while the server is busy",
                this::inNewSession,
                user ->
                    joined(
                        Wire.packet(0, Wire.query("DO SLEEP(0.5)")),
                        Wire.packet(255, new byte[] {'x'}),
                        packet(0, user))),
            hiding(
                "in the midst of a file",
                this::sendingAFile,
                user -> joined(fileFrames(9), packet(0, user))),
            hiding(
                "in a command where the server reads a file",
                this::inNewSession,
                user -> joined(Wire.packet(0, LOAD), Wire.packet(0, packet(0, user)))),
            hiding(
                "in a command behind a query whose answer is not known",
                this::inNewSession,
                user ->
                    joined(
                        Wire.packet(0, new byte[] {0x19}),
                        Wire.packet(0, LOAD),
                        Wire.packet(0, packet(0, user)))),
            hiding(
                "with a name in UTF-16",
                this::inNewSession,
                user -> Wire.packet(0, named(user.getBytes(UTF_16LE), 54))),
            hiding(
                "with a name in UCS-2 behind SET NAMES",
                this::inNewSession,
                user ->
                    joined(
                        Wire.packet(0, Wire.query("SET character_set_client = ucs2")),
                        Wire.packet(0, named(user.getBytes(UTF_16LE), 35)))))
        .map(tests -> tests.findFirst().orElseThrow());
  }

  /** Whoever is named there: the server reads no command before the end of the file. */
  @ParameterizedTest
  @ValueSource(strings = {"ruled", "lawful"})
  void aFrameOfAFileThatLooksLikeOneIsFileData(String user) throws Exception {
    LoggingServer.Mark before = server.mark();
    byte[] frames = fileFrames(255);
    ByteArrayOutputStream crossed = new ByteArrayOutputStream();
    try (Relay network = Relay.to(server.server().address(), crossed::write);
        RunningProxy watched = RunningProxy.before(network.address(), "accounts=" + rules);
        RawClient client = sendingAFile(logIn(watched, FLAGS))) {
      client.sendRaw(frames);
      Await.until(() -> crossed.toString(ISO_8859_1).contains(new String(frames, ISO_8859_1)));
      client.sendRaw(joined(packet(0, user), Wire.packet(1, EMPTY)));

      Packet ok = client.read();
      assertTrue(ok.isOk(), ok.toString());
      assertEquals(2, ok.sequenceId());
    }
    assertFalse(server.loggedSince(before).contains(user));
  }

  @Test
  void aFileOf600PacketsThatLookLikeChangesOfUserPassesInOneBurst() throws Exception {
    try (RawClient client = sendingAFile()) {
      Wire file = Wire.of();
      for (int id = 2; id < 602; id++) {
        file.add(Wire.packet(id & 0xFF, Wire.of(0x11).add(new byte[200]).bytes()));
      }
      client.sendRaw(file.add(Wire.packet(602 & 0xFF, EMPTY)).bytes());

      Packet ok = client.read();
      assertTrue(ok.isOk(), ok.toString());
      client.run("DO 1");
    }
  }

  @Test
  void flagsOfTheLoginThatDifferFromTheSslRequestsMakeNoDifference() throws Exception {
    int[] all = {
      FLAGS,
      FLAGS & ~Wire.PLUGIN_AUTH,
      FLAGS & ~Wire.SECURE_CONNECTION,
      FLAGS | Wire.LENENC_AUTH,
      FLAGS | Wire.COMPRESS | Wire.ZSTD,
      FLAGS & ~Wire.PROTOCOL_41
    };
    for (int first : all) {
      for (int second : all) {
        assertRefused(
            user -> {
              RawClient client = RawClient.encrypted(proxy.address(), ClientTls.LAURA, first);
              client.sendRaw(joined(Wire.packet(2, login(second)), packet(0, user)));
              return client;
            });
      }
    }
  }

  /**
   * The bytes, one for each character, are the name of a ruled account in one character set, and
   * another name in the next.
   */
  @ParameterizedTest
  @CsvSource({
    "@0072uled, 17",
    "@0072uled, 8",
    "r\u00c3\u00bcled, 33",
    "r\u00c3\u00bcled, 45",
    "r\u00c3\u00bcled, 63",
    "r\u00c3\u00bcled, 240",
    "r\u00c3\u00bcled, 255",
    "r\u00fcled, 0",
    "r\u00fcled, 5",
    "r\u00fcled, 8",
    "r\u00fcled, 47",
    "r\u00fcled, 255",
    "\u00c3\u00bcruled, 0",
    "\u00c3\u00bcruled, 8",
    "\u00c3\u00bcruled, 28",
    "\u00c3\u00bcruled, 33",
    "\u00c3\u00bcruled, 63",
    "\u00c3\u00bcruled, 223",
    "\u00c3\u00bcruled, 240",
    "\u00c3\u00bcruled, 255",
  })
  void noCharacterSetMakesANameAnotherToTheProxyThanToTheServer(String bytes, int collation)
      throws Exception {
    LoggingServer.Mark before = server.mark();

    end(
        () -> {
          RawClient client = inNewSession();
          client.send(0, named(bytes.getBytes(ISO_8859_1), collation));
          return client;
        });
    end(
        () -> {
          RawClient client = beforeTheLogin();
          byte[] login = Wire.login(FLAGS, bytes, EMPTY, Wire.NATIVE);
          login[8] = (byte) collation;
          client.send(2, login);
          return client;
        });

    String logged = server.loggedSince(before);
    assertTrue(
        RULED.stream().noneMatch(user -> logged.contains("\t" + shown(user) + "@localhost")),
        logged);
  }

  /** Or their refusal would say nothing. */
  @ParameterizedTest
  @CsvSource({"@0072uled, 17", "r\u00fcled, 8", "r\u00fcled, 255", "\u00c3\u00bcruled, 255"})
  void theServerItselfReadsTheNameOfARuledAccount(String bytes, int collation) throws Exception {
    LoggingServer.Mark before = server.mark();

    try (RawClient client = RawClient.greeted(server.server().address())) {
      client.send(1, login(FLAGS));
      assertTrue(client.read().isOk());
      client.send(0, named(bytes.getBytes(ISO_8859_1), collation));
      answer(client, before, "Change user");
    }

    String logged = server.loggedSince(before);
    assertTrue(
        RULED.stream()
            .anyMatch(user -> logged.contains("Change user\t" + shown(user) + "@localhost")),
        logged);
  }

  /** As the log has it, each byte read as one character. */
  private static String shown(String user) {
    return new String(user.getBytes(UTF_8), ISO_8859_1);
  }

  private void assertRefused(Hiding hiding) throws Exception {
    LoggingServer.Mark before = server.mark();

    end(() -> hiding.of("ruled"));

    assertFalse(server.loggedSince(before).contains("ruled"), () -> "it came through");
  }

  private void assertPasses(Hiding hiding) throws Exception {
    LoggingServer.Mark before = server.mark();

    try (RawClient client = hiding.of("lawful")) {
      answer(client, before, "lawful@localhost");
    }

    String logged = server.loggedSince(before);
    assertTrue(logged.contains("lawful@localhost"), logged);
  }

  /** Quits, and reads until the other side closes. */
  private static void end(Opening hidden) throws IOException {
    try (RawClient client = hidden.open()) {
      client.send(0, new byte[] {1});
      client.readToTheEnd(SIXTEEN_MIB);
    } catch (SocketException closed) {
      // Which is what the other side did first.
    }
  }

  /**
   * Gives the server the empty authentication response that it may ask for, until it is silent and
   * has logged this.
   */
  private void answer(RawClient client, LoggingServer.Mark before, String logged)
      throws IOException {
    client.socket().setSoTimeout(PAUSE_MILLIS);
    int pauses = 0;
    while (pauses < MAX_PAUSES) {
      try {
        Packet packet = client.read();
        if (packet.first() == 0xFE) {
          client.send(packet.sequenceId() + 1, EMPTY);
        }
      } catch (SocketTimeoutException silent) {
        pauses = server.loggedSoFar(before).contains(logged) ? MAX_PAUSES : pauses + 1;
      } catch (EOFException closed) {
        return;
      }
    }
  }

  private RawClient byteByByte(String user) throws IOException {
    RawClient client = inNewSession();
    for (byte each : packet(0, user)) {
      client.sendRaw(new byte[] {each});
    }
    return client;
  }

  private RawClient beforeTheLogin() throws IOException {
    return RawClient.encrypted(proxy.address(), ClientTls.LAURA, FLAGS);
  }

  private RawClient inNewSession() throws IOException {
    return logIn(FLAGS);
  }

  private RawClient logIn(int flags) throws IOException {
    return logIn(proxy, flags);
  }

  private static RawClient logIn(RunningProxy proxy, int flags) throws IOException {
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.LAURA, flags);
    client.send(2, login(flags));
    assertTrue(client.read().isOk());
    return client;
  }

  /** A client of which the server wants another plugin's authentication. */
  private RawClient switching() throws IOException {
    RawClient client = beforeTheLogin();
    client.send(2, Wire.login(FLAGS, "anybody", EMPTY, "another_plugin"));
    assertEquals(0xFE, client.read().first());
    return client;
  }

  private RawClient sendingAFile() throws IOException {
    return sendingAFile(inNewSession());
  }

  private static RawClient sendingAFile(RawClient client) throws IOException {
    client.send(0, LOAD);
    assertEquals(0xFB, client.read().first());
    return client;
  }

  /** Frames of one byte each from sequence id 2 on. */
  private static byte[] fileFrames(int lastId) {
    Wire frames = Wire.of();
    for (int id = 2; id <= lastId; id++) {
      frames.add(Wire.packet(id, new byte[] {'x'}));
    }
    return frames.bytes();
  }

  /** A packet of the compressed protocol that holds its content as it is. */
  private static byte[] compressed(byte[] content) {
    return Wire.packet(0, joined(new byte[3], content));
  }

  /** One that is deflated, from a length whose first byte is that of a COM_CHANGE_USER. */
  private static byte[] deflated(byte[] content) {
    byte[] length = {0x11, 1, 0};
    Deflater deflater = new Deflater();
    deflater.setInput(Arrays.copyOf(content, 0x111));
    deflater.finish();
    byte[] packed = new byte[1000];
    int packedLength = deflater.deflate(packed);
    deflater.end();
    return Wire.packet(0, joined(length, Arrays.copyOf(packed, packedLength)));
  }

  private static byte[] login(int flags) {
    return Wire.login(flags, "anybody", EMPTY, Wire.NATIVE);
  }

  private static byte[] changeUser(String user) {
    return Wire.changeUser(user, EMPTY, Wire.NATIVE);
  }

  private static byte[] packet(int sequenceId, String user) {
    return Wire.packet(sequenceId, changeUser(user));
  }

  private static byte[] named(byte[] user, int collation) {
    return Wire.of(0x11)
        .add(user)
        .add(0, 0, 0, collation, collation >> 8)
        .text(Wire.NATIVE)
        .add(0)
        .bytes();
  }

  private static byte[] joined(byte[]... parts) {
    Wire all = Wire.of();
    for (byte[] part : parts) {
      all.add(part);
    }
    return all.bytes();
  }
}
