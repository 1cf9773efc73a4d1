package io.mysqltlsproxy.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Plain clients of a server on TLS. */
class DecryptingExchangeTest {
  private static final byte[] SCRAMBLE = "0123456789abcdefghij".getBytes(US_ASCII);
  private static final byte[] PASSWORD = "open sesame\0".getBytes(US_ASCII);
  private static final OwnRsaKey KEY = OwnRsaKey.make();

  private final PluginExchanges plugins =
      new PluginExchanges(false, false, ServerKeys.NONE, Optional.of(KEY));

  private PluginExchange start(String plugin) {
    return plugins.start(plugin, SCRAMBLE, false);
  }

  private static ByteBuf bytes(int... values) {
    ByteBuf payload = Unpooled.buffer();
    for (int value : values) {
      payload.writeByte(value);
    }
    return payload;
  }

  private static byte[] encrypted(Step step) throws Exception {
    byte[] answer = assertInstanceOf(Step.AnswerClient.class, step).payload();
    assertEquals(1, answer[0]);
    RsaKey key = RsaKey.ofPem(Arrays.copyOfRange(answer, 1, answer.length));
    return key.encrypt(PASSWORD, SCRAMBLE);
  }

  private static void assertPasswordInClear(Step step) {
    assertArrayEquals(PASSWORD, assertInstanceOf(Step.AnswerServer.class, step).payload());
  }

  @Test
  void aColdCacheMakesTheClientAskForAKeyAndTheServerGetsThePassword() throws Exception {
    PluginExchange exchange = start("caching_sha2_password");
    assertEquals(Step.RELAY, exchange.initialResponse(bytes(1, 2, 3), 255));
    assertEquals(Step.RELAY, exchange.fromServer(bytes(1, 4)));
    byte[] encrypted = encrypted(exchange.fromClient(bytes(2)));
    assertPasswordInClear(exchange.fromClient(Unpooled.wrappedBuffer(encrypted)));
  }

  @Test
  void aWarmCacheLeavesNothingToDo() {
    PluginExchange exchange = start("caching_sha2_password");
    assertEquals(Step.RELAY, exchange.initialResponse(bytes(1, 2, 3), 255));
    assertEquals(Step.INFORM, exchange.fromServer(bytes(1, 3)));
  }

  @Test
  void aClientThatTakesItsLineForSecureSendsThePasswordItself() {
    PluginExchange exchange = start("caching_sha2_password");
    assertEquals(Step.RELAY, exchange.fromServer(bytes(1, 4)));
    assertEquals(Step.RELAY, exchange.fromClient(Unpooled.wrappedBuffer(PASSWORD)));
  }

  @Test
  void sha256AsksInTheLoginItself() throws Exception {
    PluginExchange exchange = start("sha256_password");
    byte[] encrypted = encrypted(exchange.initialResponse(bytes(1), 255));
    assertPasswordInClear(exchange.fromClient(Unpooled.wrappedBuffer(encrypted)));
  }

  @Test
  void sha256AsksAfterAnAuthSwitchRequest() throws Exception {
    PluginExchange exchange = start("sha256_password");
    assertEquals(Step.RELAY, exchange.requested());
    byte[] encrypted = encrypted(exchange.fromClient(bytes(1)));
    assertPasswordInClear(exchange.fromClient(Unpooled.wrappedBuffer(encrypted)));
  }

  @Test
  void anEmptyPasswordNeedsNoKey() {
    assertEquals(Step.RELAY, start("sha256_password").initialResponse(bytes(0), 255));
    assertEquals(Step.RELAY, start("sha256_password").initialResponse(bytes(), 255));
  }

  @Test
  void aPasswordEncryptedWithAPinnedKeyIsRefusedWithTheRemedy() {
    PluginExchange exchange = start("caching_sha2_password");
    exchange.fromServer(bytes(1, 4));
    byte[] foreign = new byte[256];
    Arrays.fill(foreign, (byte) 7);
    Step.Refuse refusal =
        assertInstanceOf(Step.Refuse.class, exchange.fromClient(Unpooled.wrappedBuffer(foreign)));
    assertTrue(refusal.error().message().contains("server-public-key-path"));
  }

  @Test
  void whatCannotBeDecryptedIsRefused() {
    PluginExchange exchange = start("caching_sha2_password");
    exchange.fromServer(bytes(1, 4));
    exchange.fromClient(bytes(2));
    assertInstanceOf(Step.Refuse.class, exchange.fromClient(Unpooled.wrappedBuffer(new byte[256])));
  }

  @Test
  void otherPluginsAreRelayed() {
    for (String plugin :
        new String[] {
          "",
          "mysql_native_password",
          "client_ed25519",
          "parsec",
          "dialog",
          "mysql_clear_password",
          "mysql_old_password"
        }) {
      assertInstanceOf(OpaqueExchange.class, start(plugin), plugin);
    }
  }
}
