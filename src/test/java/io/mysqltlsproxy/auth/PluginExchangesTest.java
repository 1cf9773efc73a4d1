package io.mysqltlsproxy.auth;

import static io.mysqltlsproxy.auth.ServerKey.SCRAMBLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginExchangesTest {
  private static final String SHA256 = "sha256_password";
  private static final String CACHING_SHA2 = "caching_sha2_password";
  private static final String CLEAR = "mysql_clear_password";
  private static final int ROOM = 0xFFFF;
  private static final ServerKey KEY = ServerKey.ofBits(1024);

  /**
   * Plugin, client, server, whether clear passwords may pass, and whether the proxy only relays.
   */
  @ParameterizedTest
  @CsvSource({
    "mysql_native_password,  TLS,   TCP,    OFF, true",
    "mysql_old_password,     TLS,   TCP,    OFF, true",
    "client_ed25519,         TLS,   TCP,    OFF, true",
    "parsec,                 TLS,   TCP,    OFF, true",
    "dialog,                 TLS,   TCP,    OFF, true",
    "auth_gssapi_client,     TLS,   TCP,    OFF, true",
    "'',                     TLS,   TCP,    OFF, true",
    "caching_sha2_password,  TLS,   TCP,    OFF, false",
    "sha256_password,        TLS,   TCP,    OFF, false",
    "mysql_clear_password,   TLS,   TCP,    OFF, false",
    "caching_sha2_password,  TLS,   socket, OFF, true",
    "sha256_password,        TLS,   socket, OFF, false",
    "mysql_clear_password,   TLS,   socket, OFF, true",
    "caching_sha2_password,  plain, TCP,    OFF, true",
    "sha256_password,        plain, TCP,    OFF, true",
    "mysql_clear_password,   plain, TCP,    OFF, true",
    "mysql_clear_password,   TLS,   TCP,    ON,  true",
    "sha256_password,        TLS,   TCP,    ON,  false",
  })
  void onlyWhatNeedsHelpGetsIt(
      String plugin, String client, String server, String clear, boolean relays) {
    PluginExchanges plugins =
        new PluginExchanges(
            server.equals("socket"),
            clear.equals("ON"),
            new ServerKeys(Optional.empty()),
            Optional.empty());

    PluginExchange exchange = plugins.start(plugin, SCRAMBLE, client.equals("TLS"));

    assertEquals(relays, exchange instanceof OpaqueExchange);
  }

  @Test
  void anOpaqueExchangeTouchesNothing() {
    PluginExchange exchange = start("parsec");
    ByteBuf prompt = Packets.of(4, "PIN:\0");

    assertSame(Step.RELAY, exchange.requested());
    assertSame(Step.RELAY, exchange.initialResponse(Packets.of(), ROOM));
    assertSame(Step.RELAY, exchange.fromServer(prompt));
    assertSame(Step.RELAY, exchange.fromClient(prompt));
    exchange.end();
    assertEquals("0450494e3a00", Packets.dump(prompt));
  }

  /** MySQL wraps the plugin's data in AuthMoreData, MariaDB does not. */
  @ParameterizedTest
  @ValueSource(strings = {"01 04", "04"})
  void fullAuthenticationOfCachingSha2AsksForTheKeyAndEncrypts(String fullAuthentication)
      throws Exception {
    boolean wrapped = fullAuthentication.startsWith("01");
    PluginExchange exchange = start(CACHING_SHA2);

    assertSame(Step.RELAY, exchange.requested());
    assertSame(Step.RELAY, exchange.fromClient(Packets.of(new byte[32])));
    assertSame(Step.RELAY, exchange.fromServer(Packets.of(Packets.hex(fullAuthentication))));
    assertAnswers("02", exchange.fromClient(Packets.of("secret\0")));
    ByteBuf pem = wrapped ? Packets.of(1, KEY.pem()) : Packets.of(KEY.pem());
    Step.AnswerServer password =
        assertInstanceOf(Step.AnswerServer.class, exchange.fromServer(pem));

    assertEquals("secret\0", KEY.decrypt(password.payload(), SCRAMBLE));
    assertEquals(0, pem.readerIndex());
    assertFalse(password.toString().contains("secret"), password.toString());
    assertSame(Step.RELAY, exchange.fromServer(Packets.of(1)), "from here on it relays");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fastAuthenticationOfCachingSha2IsNotAnswered(boolean clientOnTls) {
    PluginExchange exchange = plugins().start(CACHING_SHA2, SCRAMBLE, clientOnTls);

    assertSame(Step.RELAY, exchange.initialResponse(Packets.of(new byte[32]), ROOM));
    assertSame(Step.INFORM, exchange.fromServer(Packets.of(1, 3)));
    assertSame(Step.INFORM, exchange.fromServer(Packets.of(3)));
    assertSame(Step.RELAY, exchange.fromServer(Packets.of(1, 4)));
  }

  @Test
  void onlyTheBytesOfFullAuthenticationMeanIt() {
    PluginExchange exchange = start(CACHING_SHA2);
    for (String other : new String[] {"", "0404", "010400", "02", "0304"}) {
      assertSame(Step.RELAY, exchange.fromServer(Packets.of(Packets.hex(other))));
      assertSame(Step.RELAY, exchange.fromClient(Packets.of("secret\0")), "after " + other);
    }
  }

  @Test
  void sha256InTheLoginItselfBecomesTheRequestForTheKey() throws Exception {
    PluginExchange exchange = start(SHA256);

    assertAnswers("01", exchange.initialResponse(Packets.of("secret\0"), ROOM));
    Step.AnswerServer password =
        assertInstanceOf(Step.AnswerServer.class, exchange.fromServer(Packets.of(1, KEY.pem())));

    assertEquals("secret\0", KEY.decrypt(password.payload(), SCRAMBLE));
  }

  @Test
  void sha256AfterAnAuthSwitchRequestDoesTheSame() throws Exception {
    PluginExchange exchange = start(SHA256);

    assertSame(Step.RELAY, exchange.requested());
    assertAnswers("01", exchange.fromClient(Packets.of("secret\0")));
    Step.AnswerServer password =
        assertInstanceOf(Step.AnswerServer.class, exchange.fromServer(Packets.of(1, KEY.pem())));

    assertEquals("secret\0", KEY.decrypt(password.payload(), SCRAMBLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00"})
  void anEmptyPasswordIsRelayedAsItIs(String empty) {
    byte[] payload = Packets.hex(empty);
    PluginExchange cachingSha2 = start(CACHING_SHA2);
    cachingSha2.fromServer(Packets.of(1, 4));

    assertSame(Step.RELAY, start(SHA256).initialResponse(Packets.of(payload), ROOM));
    assertSame(Step.RELAY, start(SHA256).fromClient(Packets.of(payload)));
    assertSame(Step.RELAY, cachingSha2.fromClient(Packets.of(payload)));
  }

  @ParameterizedTest
  @CsvSource({"sha256_password, 1", "caching_sha2_password, 2"})
  void aClientThatAsksForTheKeyItselfIsLeftAlone(String plugin, int request) {
    PluginExchange exchange = start(plugin);
    exchange.fromServer(Packets.of(1, 4));
    ByteBuf encrypted = Packets.of("x".repeat(127) + "\0");

    assertSame(Step.RELAY, exchange.fromClient(Packets.of(request)));
    assertSame(Step.RELAY, exchange.fromServer(Packets.of(1, KEY.pem())));
    assertSame(Step.RELAY, exchange.fromClient(encrypted));
    assertEquals("78".repeat(127) + "00", Packets.dump(encrypted));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\1\0", "\2\0", "x\0"})
  void aPasswordOfOneCharacterIsNoRequest(String password) throws Exception {
    PluginExchange exchange = start(SHA256);

    assertAnswers("01", exchange.fromClient(Packets.of(password)));
    Step.AnswerServer answer =
        assertInstanceOf(Step.AnswerServer.class, exchange.fromServer(Packets.of(KEY.pem())));
    assertEquals(password, KEY.decrypt(answer.payload(), SCRAMBLE));
  }

  @Test
  void aClearPasswordNeverCrossesTheNetworkUnencrypted() {
    PluginExchange exchange = start(CLEAR);

    assertInstanceOf(Step.Refuse.class, exchange.requested());
    assertInstanceOf(Step.Refuse.class, exchange.initialResponse(Packets.of("secret\0"), ROOM));
    assertInstanceOf(Step.Refuse.class, exchange.fromClient(Packets.of("secret\0")));
    assertInstanceOf(Step.Refuse.class, exchange.fromServer(Packets.of("Password:")));
    assertSame(Step.RELAY, exchange.initialResponse(Packets.of(), ROOM), "no password, no harm");
    exchange.end();
  }

  private static PluginExchange start(String plugin) {
    return plugins().start(plugin, SCRAMBLE, true);
  }

  private static PluginExchanges plugins() {
    return new PluginExchanges(false, false, new ServerKeys(Optional.empty()), Optional.empty());
  }

  private static void assertAnswers(String payload, Step step) {
    Step.AnswerServer answer = assertInstanceOf(Step.AnswerServer.class, step);
    assertEquals(payload, Packets.dump(Packets.of(answer.payload())));
  }
}
