package io.mysqltlsproxy.auth;

import static io.mysqltlsproxy.auth.ServerKey.SCRAMBLE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a password that the proxy must encrypt, and when it cannot. */
class RsaExchangeTest {
  private static final String SHA256 = "sha256_password";
  private static final String CACHING_SHA2 = "caching_sha2_password";
  private static final int ROOM = 0xFFFF;
  private static final ServerKey KEY = ServerKey.ofBits(1024);

  @Test
  void theClearPasswordIsWipedFromTheClientsPacket() {
    PluginExchange exchange = start(SHA256);
    ByteBuf payload = Packets.of("login", "secret\0", "rest");
    ByteBuf response = payload.slice(5, 7);

    exchange.initialResponse(response, ROOM);

    assertEquals(Packets.dump(Packets.of("login", new byte[7], "rest")), Packets.dump(payload));
  }

  @Test
  void thePasswordIsWipedWhenTheConversationEndsBeforeTheKeyHasCome() throws Exception {
    PluginExchange exchange = start(SHA256);
    exchange.fromClient(Packets.of("secret\0"));
    byte[] held = password(exchange);
    assertEquals("secret\0", new String(held, US_ASCII));

    exchange.end();

    assertArrayEquals(new byte[7], held);
    assertEquals(0, password(exchange).length);
  }

  @Test
  void thePasswordIsWipedOnceItIsEncrypted() throws Exception {
    assertWiped(Packets.of(1, KEY.pem()), Step.AnswerServer.class);
  }

  @Test
  void thePasswordIsWipedWhereTheServerSendsNoKey() throws Exception {
    assertWiped(Packets.of(1, "no key"), Step.Refuse.class);
  }

  @Test
  void thePasswordIsWipedWhereTheKeyIsTooShortForIt() throws Exception {
    assertWiped(Packets.of(1, ServerKey.ofBits(512).pem()), Step.Refuse.class);
  }

  private static void assertWiped(ByteBuf answer, Class<? extends Step> expected) throws Exception {
    PluginExchange exchange = start(SHA256);
    exchange.fromClient(Packets.of("a password of 26 characters\0"));
    byte[] held = password(exchange);

    assertInstanceOf(expected, exchange.fromServer(answer));

    assertArrayEquals(new byte[held.length], held);
  }

  private static byte[] password(PluginExchange exchange) throws Exception {
    Field password = RsaExchange.class.getDeclaredField("password");
    password.setAccessible(true);
    return (byte[]) requireNonNull(password.get(exchange));
  }

  @Test
  void withAPinnedKeyNoneIsAskedFor() throws Exception {
    PluginExchange exchange = startPinned(CACHING_SHA2);

    exchange.fromServer(Packets.of(1, 4));
    Step.AnswerServer answer =
        assertInstanceOf(Step.AnswerServer.class, exchange.fromClient(Packets.of("secret\0")));

    assertEquals("secret\0", KEY.decrypt(answer.payload(), SCRAMBLE));
    assertSame(Step.RELAY, exchange.denied(Packets.of(0xFF, 21, 4)), "the server's own words");
  }

  @Test
  void withAPinnedKeyTheLoginItselfHoldsTheEncryptedPassword() throws Exception {
    Step.AnswerServer answer =
        assertInstanceOf(
            Step.AnswerServer.class,
            startPinned(SHA256).initialResponse(Packets.of("secret\0"), 128));

    assertEquals("secret\0", KEY.decrypt(answer.payload(), SCRAMBLE));
  }

  @Test
  void withAPinnedKeyAndALoginTooShortForItTheKeyThatIsSentDoesNotCount() throws Exception {
    PluginExchange exchange = startPinned(SHA256);

    assertAnswers("01", exchange.initialResponse(Packets.of("secret\0"), 127));
    Step.AnswerServer answer =
        assertInstanceOf(
            Step.AnswerServer.class,
            exchange.fromServer(Packets.of(1, ServerKey.ofBits(1024).pem())));

    assertEquals("secret\0", KEY.decrypt(answer.payload(), SCRAMBLE));
  }

  @Test
  void theKeyIsAskedForAgainInTheSameWordsAfterTheFirstRequestWasSentAndWiped() {
    PluginExchange exchange = start(CACHING_SHA2);
    for (int i = 0; i < 2; i++) {
      exchange.fromServer(Packets.of(1, 4));
      Step step = exchange.fromClient(Packets.of("secret\0"));
      assertAnswers("02", step);
      Arrays.fill(((Step.AnswerServer) step).payload(), (byte) 0);
      exchange.fromServer(Packets.of(1, KEY.pem()));
    }
  }

  @Test
  void anErrInPlaceOfTheKeyIsSaidToBeThat() throws Exception {
    PluginExchange exchange = start(CACHING_SHA2);
    exchange.fromServer(Packets.of(1, 4));
    exchange.fromClient(Packets.of("secret\0"));

    Step.Refuse refuse =
        assertInstanceOf(
            Step.Refuse.class,
            exchange.denied(Packets.of(0xFF, 0x15, 0x04, "#28000Access denied for user 'laura'")));

    assertEquals(1045, refuse.error().code());
    assertEquals("28000", refuse.error().sqlState());
    assertEquals(
        "Access denied for user 'laura' (mysql-tls-proxy: the server said so when it was asked for"
            + " its RSA key; check that it has one: SHOW STATUS LIKE '%Rsa_public_key')",
        refuse.error().message());
  }

  @Test
  void aPasswordWithoutNulIsRefused() {
    assertRefuses(ErrPacket.badHandshake(), start(SHA256).fromClient(Packets.of("secret")));
  }

  @Test
  void aServerWithoutKeyIsSaidToHaveNone() {
    PluginExchange exchange = start(SHA256);
    exchange.fromClient(Packets.of("secret\0"));

    Step.Refuse refuse =
        assertInstanceOf(Step.Refuse.class, exchange.fromServer(Packets.of(1, "no key")));

    assertEquals(1105, refuse.error().code());
    assertTrue(
        refuse.error().message().startsWith("mysql-tls-proxy: the server did not send its RSA key"),
        refuse.error().message());
  }

  @Test
  void aPasswordTooLongForTheKeyIsRefused() {
    PluginExchange exchange = start(SHA256);
    exchange.fromClient(Packets.of("s".repeat(86) + "\0"));

    Step.Refuse refuse =
        assertInstanceOf(Step.Refuse.class, exchange.fromServer(Packets.of(1, KEY.pem())));

    assertTrue(refuse.error().message().contains("at most 85 bytes"), refuse.error().message());
    assertFalse(refuse.error().message().contains("sss"), "no secret is said");
  }

  private static PluginExchange start(String plugin) {
    return start(plugin, new ServerKeys(Optional.empty()));
  }

  private static PluginExchange startPinned(String plugin) throws UnusableKeyException {
    return start(plugin, new ServerKeys(Optional.of(RsaKey.ofPem(KEY.pem()))));
  }

  private static PluginExchange start(String plugin, ServerKeys keys) {
    return new PluginExchanges(false, false, keys, Optional.empty()).start(plugin, SCRAMBLE, true);
  }

  private static void assertAnswers(String payload, Step step) {
    Step.AnswerServer answer = assertInstanceOf(Step.AnswerServer.class, step);
    assertEquals(payload, Packets.dump(Packets.of(answer.payload())));
  }

  private static void assertRefuses(ErrPacket error, Step step) {
    assertEquals(error, assertInstanceOf(Step.Refuse.class, step).error());
  }
}
