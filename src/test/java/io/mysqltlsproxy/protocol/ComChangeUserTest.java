package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_ATTRS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SECURE_CONNECTION;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComChangeUserTest {
  private static final Capabilities PLAIN =
      new Capabilities(CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION);
  private static final Capabilities PLUGINS = PLAIN.with(CLIENT_PLUGIN_AUTH);

  private static final String UTF8 = "\41\0";
  private static final String NATIVE = "mysql_native_password";
  private static final byte[] HASH = Packets.hex("000102030405060708090a0b0c0d0e0f10111213");

  /** Who sends it, capabilities, payload, length of the response, plugin. */
  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of("MySQL 4.1's client", PLAIN, command("laura\0", 20, HASH, "shop\0"), 20, ""),
        Arguments.of("with charset", PLAIN, command("laura\0", 20, HASH, "\0", UTF8), 20, ""),
        Arguments.of(
            "no password", PLUGINS, command("laura\0\0\0", UTF8, NATIVE + "\0"), 0, NATIVE),
        Arguments.of(
            "with attributes",
            PLUGINS.with(CLIENT_CONNECT_ATTRS),
            command("laura\0", 20, HASH, "shop\0", UTF8, NATIVE + "\0\7\3_os\2lx"),
            20,
            NATIVE),
        Arguments.of("no plugin named", PLUGINS, command("laura\0\0shop\0", UTF8), 0, ""),
        Arguments.of(
            "a plugin that was not agreed on", PLAIN, command("laura\0\0\0", UTF8, "x\0"), 0, ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void whatClientsSendIsRead(
      String name, Capabilities capabilities, ByteBuf payload, int length, String plugin)
      throws Exception {
    ComChangeUser command = ComChangeUser.decode(payload, capabilities);

    assertEquals("laura", command.userName());
    assertEquals(length, command.authResponseLength());
    assertEquals(length, command.authResponse(payload).readableBytes());
    assertEquals(length > 0, command.usesPassword());
    assertEquals(plugin, command.authPluginName());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(ints = {10, 17, 35, 54, 56, 60, 90, 101, 128, 160})
  void aCharacterSetInWhichAsciiIsSomethingElseIsRefused(int collation) {
    ByteBuf payload = command("laura\0\0\0", collation, 0, NATIVE + "\0");

    assertThrows(MalformedPacketException.class, () -> ComChangeUser.decode(payload, PLUGINS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void cutOffAnywhereItIsRefusedOrRead(
      String name, Capabilities capabilities, ByteBuf payload, int length, String plugin) {
    int shortest =
        Truncation.shortestTaken(payload, cut -> ComChangeUser.decode(cut, capabilities));

    int upToTheResponse = 1 + "laura\0".length() + 1 + length;
    assertTrue(shortest > upToTheResponse, "taken with " + shortest + " bytes");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void withoutItsResponseItIsTheSameOtherwise(
      String name, Capabilities capabilities, ByteBuf payload, int length, String plugin)
      throws Exception {
    ComChangeUser command = ComChangeUser.decode(payload, capabilities);
    String before = Packets.dump(payload);

    ByteBuf rebuilt = command.withoutAuthResponse(payload, UnpooledByteBufAllocator.DEFAULT);

    int upToTheResponse = 1 + "laura\0".length();
    String rest = before.substring(2 * (upToTheResponse + 1 + length));
    assertEquals(before.substring(0, 2 * upToTheResponse) + "00" + rest, Packets.dump(rebuilt));
    assertEquals(before, Packets.dump(payload), "the original is left alone");
    assertEquals(plugin, ComChangeUser.decode(rebuilt, capabilities).authPluginName());
    rebuilt.release();
  }

  /** What is wrong, and the payload; the first four end MySQL 5.5.9 when they reach it. */
  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("nothing behind the header", command()),
        Arguments.of("the name alone", command("laura\0")),
        Arguments.of("a name without NUL", command("laura")),
        Arguments.of("a response longer than the packet", command("laura\0", 21, HASH)),
        Arguments.of("a response up to the end, no database", command("laura\0", 20, HASH)),
        Arguments.of("a database without NUL", command("laura\0\0shop")),
        Arguments.of("half a character set", command("laura\0\0shop\0", 33)),
        Arguments.of("a plugin without NUL", command("laura\0\0shop\0", UTF8, NATIVE)),
        Arguments.of("not even a header", Packets.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void aMalformedOneIsRefused(String name, ByteBuf payload) {
    assertThrows(MalformedPacketException.class, () -> ComChangeUser.decode(payload, PLUGINS));
  }

  @Test
  void aPacketWithAnotherHeaderIsRefusedWhateverFollows() {
    ByteBuf comMulti = Packets.of(0xFE, "laura\0\0shop\0", UTF8, NATIVE + "\0");

    assertThrows(MalformedPacketException.class, () -> ComChangeUser.decode(comMulti, PLUGINS));
  }

  @Test
  void withoutALengthBeforeTheResponseItIsRefused() {
    ByteBuf payload = command("laura\0abcdefgh\0shop\0");

    MalformedPacketException e =
        assertThrows(
            MalformedPacketException.class,
            () -> ComChangeUser.decode(payload, new Capabilities(CLIENT_PROTOCOL_41)));

    assertEquals(
        "COM_CHANGE_USER: authentication response has no length, as before MySQL 4.1",
        e.getMessage());
  }

  @Test
  void quotesAroundTheNameBelongToIt() throws Exception {
    assertEquals("'laura'", ComChangeUser.decode(command("'laura'\0\0\0\10\0"), PLAIN).userName());
  }

  @Test
  void noSecretIsPrinted() throws Exception {
    ByteBuf payload = command("laura\0\7secret\0shop\0");

    assertFalse(ComChangeUser.decode(payload, PLAIN).toString().contains("secret"));
  }

  private static ByteBuf command(Object... parts) {
    return Packets.of(Command.COM_CHANGE_USER, Packets.hex(Packets.dump(Packets.of(parts))));
  }
}
