package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** COM_CHANGE_USER to accounts whose clients send their password in clear, inside TLS. */
class ChangeUserSha2IT {
  private static final String SHA2 = "caching_sha2_password";
  private static final String SHA256 = "sha256_password";
  private static final String PASSWORD = "a password of some length";

  private final TestServer server = Servers.container(Container.MYSQL_9_7);

  @Test
  void aColdCachingSha2PasswordAccountComesInAndThenAWarmOne() throws Exception {
    create("cold", SHA2);
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = logIn(proxy)) {
      changeToSha2(client, "cold", PASSWORD, true);
      assertIs("cold", client);

      changeToSha2(client, "cold", PASSWORD, false);
      assertIs("cold", client);
    }
  }

  @Test
  void aColdLoginMayBeFollowedByAColdChangeOfUser() throws Exception {
    create("cold", SHA2);
    create("other", SHA2);
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = proxy.encrypt()) {
      client.send(2, Wire.login("cold"));
      answer(client, PASSWORD, true);
      assertIs("cold", client);

      changeToSha2(client, "other", PASSWORD, true);
      assertIs("other", client);
    }
  }

  @Test
  void aWrongCachingSha2PasswordIsTheServersOwnError() throws Exception {
    create("wrong", SHA2);
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = logIn(proxy)) {
      client.send(0, Wire.changeUser("wrong", new byte[0], SHA2));
      Packet answer = scramble(client, "not it");

      assertEquals(4, answer.first() == 1 ? answer.payload()[1] : -1, answer.toString());
      client.send(answer.sequenceId() + 1, "not it\0".getBytes(US_ASCII));
      assertEquals(1045, client.read().errorCode());
    }
  }

  @Test
  void aSha256PasswordAccountComesIn() throws Exception {
    create("old", SHA256);
    try (RunningProxy proxy = RunningProxy.before(server.address());
        RawClient client = logIn(proxy)) {
      client.send(0, Wire.changeUser("old", new byte[0], SHA256));
      Packet request = client.read();
      assertEquals(0xFE, request.first(), request.toString());

      client.send(request.sequenceId() + 1, (PASSWORD + "\0").getBytes(US_ASCII));

      assertOk(client.read());
      assertIs("old", client);
    }
  }

  private void create(String user, String plugin) {
    server.sql(
        "DROP USER IF EXISTS '" + user + "'@'%'",
        "CREATE USER '" + user + "'@'%' IDENTIFIED WITH " + plugin + " BY '" + PASSWORD + "'");
  }

  private static RawClient logIn(RunningProxy proxy) throws IOException {
    RawClient client = proxy.encrypt();
    client.send(2, Wire.login(Wire.USUAL, "root", new byte[0], SHA2));
    assertOk(client.read());
    return client;
  }

  private static void changeToSha2(RawClient client, String user, String password, boolean cold)
      throws Exception {
    client.send(0, Wire.changeUser(user, new byte[0], SHA2));
    answer(client, password, cold);
  }

  /** Says the password as the server asks for it, and comes in. */
  private static void answer(RawClient client, String password, boolean cold) throws Exception {
    Packet answer = scramble(client, password);
    assertEquals(1, answer.first(), answer.toString());
    assertEquals(cold ? 4 : 3, answer.payload()[1]);
    if (cold) {
      client.send(answer.sequenceId() + 1, (password + "\0").getBytes(US_ASCII));
    }
    assertOk(client.read());
  }

  /** Up to what the server says to the scrambled password. */
  private static Packet scramble(RawClient client, String password) throws Exception {
    Packet request = client.read();
    assertEquals(0xFE, request.first(), request.toString());
    int nonce = 1 + SHA2.length() + 1;
    byte[] scramble = Arrays.copyOfRange(request.payload(), nonce, nonce + 20);
    client.send(request.sequenceId() + 1, scrambled(password, scramble));
    return client.read();
  }

  private static byte[] scrambled(String password, byte[] nonce) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] once = sha256.digest(password.getBytes(US_ASCII));
    sha256.update(sha256.digest(once));
    byte[] mask = sha256.digest(nonce);
    byte[] mixed = new byte[once.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (byte) (once[i] ^ mask[i]);
    }
    return mixed;
  }

  private static void assertIs(String user, RawClient client) throws IOException {
    client.send(0, Wire.query("SELECT CURRENT_USER()"));
    assertEquals(1, client.read().first());
    client.read();
    assertEquals(0xFE, client.read().first());
    Packet row = client.read();
    assertEquals(user + "@%", new String(row.payload(), 1, row.payload().length - 1, US_ASCII));
    assertEquals(0xFE, client.read().first());
  }

  private static void assertOk(Packet packet) {
    assertTrue(packet.isOk(), packet.toString());
  }
}
