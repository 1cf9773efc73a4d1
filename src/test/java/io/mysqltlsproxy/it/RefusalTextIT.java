package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxy's refusals are, byte for byte, what MySQL 5.5.9 says to a user it does not know. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTextIT {
  private static final Charset CODE_PAGE_1252 = Charset.forName("windows-1252");

  private final InetSocketAddress server = Servers.mysql55().address();
  @AutoClose private final RunningProxy proxy;

  RefusalTextIT(@TempDir Path directory) throws IOException {
    Path rules = directory.resolve("accounts.sql");
    Files.writeString(rules, "ALTER USER ''@'%' ACCOUNT LOCK; ALTER USER 'root'@'%' REQUIRE NONE;");
    proxy = RunningProxy.before(server, "accounts=" + rules);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          8,  jürgen, latin1_swedish_ci
          47, jürgen, latin1_bin
          48, '€œ',   latin1_general_ci
          33, jürgen, utf8_general_ci
          45, łaura,  utf8mb4_general_ci
          51, laura,  cp1251_general_ci
          13, laura,  sjis_japanese_ci
          28, laura,  gbk_chinese_ci
          """)
  void aRefusalIsInTheCharacterSetOfTheLogin(int collation, String user, String name)
      throws Exception {
    byte[] userName = encoded(user, collation);
    Packet expected;
    try (RawClient client = RawClient.greeted(server)) {
      client.send(1, login(userName, collation));
      expected = client.read();
    }
    assertEquals(1045, expected.errorCode(), name);

    try (RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      client.send(2, login(userName, collation));
      assertSame(expected, client.read());
    }
  }

  @ParameterizedTest
  @CsvSource({"8, jürgen", "33, jürgen", "51, laura"})
  void aRefusedChangeOfUserIsInTheCharacterSetOfTheLoginBeforeIt(int collation, String user)
      throws Exception {
    byte[] userName = encoded(user, collation);
    Packet expected;
    try (RawClient client = RawClient.greeted(server)) {
      client.send(1, Wire.login("root"));
      client.read();
      client.send(0, changeUser(userName, collation));
      expected = client.read();
    }
    try (RawClient client = RawClient.loggedIn(proxy.address(), ClientTls.NONE, "root")) {
      client.send(0, changeUser(userName, collation));
      assertSame(expected, client.read());
    }
  }

  @Test
  void aLockedAccountIsDeniedLikeAWrongPassword() throws Exception {
    try (RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      client.send(2, Wire.login(Wire.USUAL, "locked", new byte[20], Wire.NATIVE));
      Packet error = client.read();

      assertEquals(1045, error.errorCode());
      assertEquals(
          "#28000Access denied for user 'locked'@'localhost' (using password: YES)",
          error.errorText());
    }
  }

  private static void assertSame(Packet expected, Packet actual) {
    assertEquals(
        new String(expected.payload(), ISO_8859_1), new String(actual.payload(), ISO_8859_1));
  }

  private static byte[] encoded(String user, int collation) {
    boolean utf8 = collation == 33 || collation == 45;
    return utf8 ? user.getBytes(UTF_8) : user.getBytes(CODE_PAGE_1252);
  }

  private static byte[] login(byte[] user, int collation) {
    byte[] packet = Wire.login(new String(user, ISO_8859_1));
    packet[8] = (byte) collation;
    return packet;
  }

  private static byte[] changeUser(byte[] user, int collation) {
    byte[] packet = Wire.changeUser(new String(user, ISO_8859_1), new byte[0], Wire.NATIVE);
    // The command, the name and its NUL, the response's length 0, an empty database's NUL.
    packet[1 + user.length + 1 + 1 + 1] = (byte) collation;
    return packet;
  }
}
