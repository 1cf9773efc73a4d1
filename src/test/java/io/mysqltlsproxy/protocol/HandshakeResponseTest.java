package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_ATTRS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_WITH_DB;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_MYSQL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SECURE_CONNECTION;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeResponseTest {
  private static final long BASE = CLIENT_MYSQL | CLIENT_PROTOCOL_41;
  private static final long SECURE = BASE | CLIENT_SECURE_CONNECTION;
  private static final long LENENC = SECURE | CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA;
  private static final long PLUGIN = CLIENT_PLUGIN_AUTH;
  private static final long DB = CLIENT_CONNECT_WITH_DB;
  private static final long ATTRS = CLIENT_CONNECT_ATTRS;

  private static final String NATIVE = "mysql_native_password";
  private static final byte[] HASH = Packets.hex("000102030405060708090a0b0c0d0e0f10111213");
  private static final byte[] LONG = "p".repeat(300).getBytes(US_ASCII);

  private static Arguments row(
      String name, long flags, ByteBuf payload, byte[] response, String plugin) {
    return Arguments.of(name, flags, payload, response, plugin);
  }

  /** What the name says, flags, payload, expected authentication response, expected plugin. */
  static Stream<Arguments> logins() {
    byte[] none = {};
    return Stream.of(
        row(
            "a length of one byte",
            SECURE | PLUGIN,
            login(SECURE | PLUGIN, 20, HASH, NATIVE + "\0"),
            HASH,
            NATIVE),
        row(
            "a length-encoded length of one byte",
            LENENC | PLUGIN,
            login(LENENC | PLUGIN, 20, HASH, NATIVE + "\0"),
            HASH,
            NATIVE),
        row(
            "a length-encoded length of three bytes",
            LENENC | PLUGIN,
            login(LENENC | PLUGIN, 0xFC, 0x2C, 1, LONG, "dialog\0"),
            LONG,
            "dialog"),
        row(
            "a length-encoded length of nine bytes",
            LENENC | PLUGIN,
            login(LENENC | PLUGIN, 0xFE, 20, new byte[7], HASH, NATIVE + "\0"),
            HASH,
            NATIVE),
        row(
            "length-encoded without CLIENT_SECURE_CONNECTION",
            BASE | CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA,
            login(BASE | CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA, 20, HASH),
            HASH,
            ""),
        row("up to a NUL", BASE, login(BASE, "abcdefgh\0"), ascii("abcdefgh"), ""),
        row("up to the end", BASE, login(BASE, "abcdefgh"), ascii("abcdefgh"), ""),
        row(
            "up to a NUL, then a database and a plugin",
            BASE | DB | PLUGIN,
            login(BASE | DB | PLUGIN, "abcdefgh\0shop\0mysql_old_password\0"),
            ascii("abcdefgh"),
            "mysql_old_password"),
        row("no password", SECURE | PLUGIN, login(SECURE | PLUGIN, "\0" + NATIVE), none, NATIVE),
        row(
            "a clear password that is empty, as libmysql sends it",
            SECURE | PLUGIN,
            login(SECURE | PLUGIN, 1, 0, "sha256_password\0"),
            new byte[1],
            "sha256_password"),
        row(
            "database, plugin and attributes",
            LENENC | DB | PLUGIN | ATTRS,
            login(LENENC | DB | PLUGIN | ATTRS, 20, HASH, "shop\0" + NATIVE + "\0\7\3_os\2lx"),
            HASH,
            NATIVE),
        row(
            "no NUL behind the last field, the plugin",
            SECURE | PLUGIN,
            login(SECURE | PLUGIN, 20, HASH, NATIVE),
            HASH,
            NATIVE),
        row(
            "no NUL behind the last field, the database",
            SECURE | DB,
            login(SECURE | DB, 20, HASH, "shop"),
            HASH,
            ""),
        row("nothing behind the response", SECURE | DB | PLUGIN, login(SECURE, 20, HASH), HASH, ""),
        row(
            "a database without its flag is not read",
            SECURE | PLUGIN,
            login(SECURE | PLUGIN, 20, HASH, NATIVE + "\0shop\0"),
            HASH,
            NATIVE),
        row("before 4.1", CLIENT_MYSQL, old("abcdefgh\0"), ascii("abcdefgh"), ""),
        row("before 4.1, up to the end", CLIENT_MYSQL, old("abcdefgh"), ascii("abcdefgh"), ""),
        row("before 4.1, no password", CLIENT_MYSQL | DB, old("\0shop"), none, ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("logins")
  void everyFramingOfTheAuthenticationResponseIsRead(
      String name, long flags, ByteBuf payload, byte[] response, String plugin) throws Exception {
    HandshakeResponse login = HandshakeResponse.decode(payload, new Capabilities(flags));

    assertEquals("laura", login.userName());
    assertEquals(response.length, login.authResponseLength());
    assertEquals(Packets.dump(Packets.of(response)), Packets.dump(login.authResponse(payload)));
    assertEquals(plugin, login.authPluginName());
    assertEquals(response.length > 0, login.usesPassword());
    assertFalse(login.toString().contains("abcdefgh"), "no secret is printed");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("logins")
  void aLoginCutOffAnywhereIsRefusedOrRead(
      String name, long flags, ByteBuf payload, byte[] response, String plugin) {
    int shortest =
        Truncation.shortestTaken(
            payload, cut -> HandshakeResponse.decode(cut, new Capabilities(flags)));

    boolean is41 = new Capabilities(flags).has(CLIENT_PROTOCOL_41);
    assertTrue(shortest >= (is41 ? 32 : 5) + "laura\0".length(), "taken with " + shortest);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("logins")
  void anotherAuthenticationResponseLeavesEverythingElseAsItWas(
      String name, long flags, ByteBuf payload, byte[] response, String plugin) throws Exception {
    Capabilities capabilities = new Capabilities(flags);
    HandshakeResponse login = HandshakeResponse.decode(payload, capabilities);
    boolean hasLength =
        capabilities.has(CLIENT_PROTOCOL_41)
            && (capabilities.has(CLIENT_SECURE_CONNECTION)
                || capabilities.has(CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA));
    byte[] request = {1};
    String before = Packets.dump(payload);

    ByteBuf rebuilt = login.withAuthResponse(payload, request, UnpooledByteBufAllocator.DEFAULT);

    String head = before.substring(0, 2 * login.authResponseOffset());
    String rest = before.substring(2 * login.authResponseEnd());
    assertEquals(head + (hasLength ? "0101" : "0100") + rest, Packets.dump(rebuilt));
    assertEquals(before, Packets.dump(payload), "the original is left alone");
    HandshakeResponse again = HandshakeResponse.decode(rebuilt, capabilities);
    assertEquals(plugin, again.authPluginName());
    assertEquals("01", Packets.dump(again.authResponse(rebuilt)));
    rebuilt.release();
  }

  @Test
  void aResponseTooLongForOneByteOfLengthIsNotWritten() throws Exception {
    ByteBuf payload = login(SECURE, 20, HASH);
    HandshakeResponse login = HandshakeResponse.decode(payload, new Capabilities(SECURE));

    assertThrows(
        IllegalArgumentException.class,
        () -> login.withAuthResponse(payload, new byte[256], UnpooledByteBufAllocator.DEFAULT));
  }

  @Test
  void aLengthEncodedResponseMayBeAsLongAsAnEncryptedPassword() throws Exception {
    Capabilities capabilities = new Capabilities(LENENC);
    ByteBuf payload = login(LENENC, 20, HASH);
    HandshakeResponse login = HandshakeResponse.decode(payload, capabilities);
    byte[] encrypted = new byte[512];

    ByteBuf rebuilt = login.withAuthResponse(payload, encrypted, UnpooledByteBufAllocator.DEFAULT);

    HandshakeResponse again = HandshakeResponse.decode(rebuilt, capabilities);
    assertEquals(512, again.authResponseLength());
    assertEquals(login.authPluginName(), again.authPluginName());
    rebuilt.release();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          'laura',   laura
          ''laura'', 'laura'
          'laura,    'laura
          laura',    laura'
          '',        ""
          ',         '
          "",        ""
          """)
  void onePairOfQuotesAroundTheNameIsStripped(String sent, String name) throws Exception {
    ByteBuf payload = Packets.of(Packets.head41(SECURE), sent + "\0\0");

    assertEquals(name, HandshakeResponse.decode(payload, new Capabilities(SECURE)).userName());
  }

  /** It may read {@code 'xxx} where the proxy reads {@code xxx}. */
  @Test
  void aQuotedNameOfWhichAServerMayCutOffTheSecondQuoteIsRefused() throws Exception {
    ByteBuf atLimit = Packets.of(Packets.head41(SECURE), "'" + "x".repeat(46) + "'\0\0");
    ByteBuf overLimit = Packets.of(Packets.head41(SECURE), "'" + "x".repeat(47) + "'\0\0");

    assertEquals(
        "x".repeat(46), HandshakeResponse.decode(atLimit, new Capabilities(SECURE)).userName());
    assertRefused(SECURE, overLimit, "log in without them");
  }

  @Test
  void aLengthBeyondThePacketIsRefused() {
    assertRefused(SECURE, login(SECURE, 21, HASH), "runs past the end of the packet");
    assertRefused(LENENC, login(LENENC, 0xFC, 0xFF, 0xFF, HASH), "runs past the end");
    assertRefused(LENENC, login(LENENC, 0xFD, 0xFF, 0xFF, 0xFF, HASH), "runs past the end");
    assertRefused(
        LENENC, login(LENENC, 0xFE, Packets.hex("ffffffffffffff7f"), HASH), "runs past the end");
    assertRefused(LENENC, login(LENENC, 0xFE, Packets.hex("ffffffffffffffff")), "is too large");
    assertRefused(LENENC, login(LENENC, 0xFB), "is no length");
    assertRefused(LENENC, login(LENENC, 0xFF), "is no length");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          45,  4cc3a46e64657220, 'Länder '
          255, 4cc3a4,           Lä
          33,  4cc3a4,           Lä
          8,   4ce4,             Lä
          8,   6c61757261,       laura
          28,  6c61757261,       laura
          0,   6c61757261,       laura
          """)
  void aNameIsReadInTheCharacterSetOfTheLogin(int collation, String name, String expected)
      throws Exception {
    assertEquals(
        expected,
        HandshakeResponse.decode(named(collation, name), new Capabilities(SECURE)).userName());
  }

  @ParameterizedTest
  @CsvSource({"45, 4ce4", "33, 4cff", "28, 4cc3a4", "0, 4cc3a4", "10, 6c"})
  void aNameThatMightBeAnotherIsRefused(int collation, String name) {
    assertRefused(SECURE, named(collation, name), "user name cannot be read");
  }

  /** In MySQL's filename character set @0072 is an r. */
  @Test
  void aNameInTheCharacterSetOfFileNamesIsRefused() {
    assertRefused(SECURE, named(17, "4030303732"), "user name cannot be read");
  }

  @Test
  void aNameLongerThanAnyServerTakesIsRefused() {
    assertRefused(
        SECURE, Packets.of(Packets.head41(SECURE), "x".repeat(387) + "\0\0"), "is longer than");
  }

  private static ByteBuf named(int collation, String name) {
    byte[] head = Packets.head41(SECURE);
    head[8] = (byte) collation;
    return Packets.of(head, Packets.hex(name), "\0\0");
  }

  @Test
  void aNameWithoutEndIsRefused() {
    assertRefused(SECURE, Packets.of(Packets.head41(SECURE), "laura"), "user name has no end");
  }

  private static void assertRefused(long flags, ByteBuf payload, String why) {
    MalformedPacketException e =
        assertThrows(
            MalformedPacketException.class,
            () -> HandshakeResponse.decode(payload, new Capabilities(flags)));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }

  private static ByteBuf login(long flags, Object... rest) {
    return Packets.of(
        Packets.head41(flags), "laura\0", Packets.hex(Packets.dump(Packets.of(rest))));
  }

  private static ByteBuf old(String rest) {
    return Packets.of(Packets.head320(CLIENT_MYSQL), "laura\0", rest);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
