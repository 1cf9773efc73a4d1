package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.protocol.ConnectionAttributes.Attribute;
import io.mysqltlsproxy.testing.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionAttributesTest {
  private static final int CONNECT_ATTRS = 1 << 20;
  private static final int CONNECT_WITH_DB = 1 << 3;
  private static final int WITH_ATTRIBUTES = Wire.USUAL | CONNECT_ATTRS;
  private static final int LATIN1 = 8;
  private static final int LONGEST = 100;
  private static final ConnectionAttributes OWN =
      new ConnectionAttributes(
          List.of(new Attribute("_client_ip", "10.0.0.7", LONGEST)),
          List.of(new Attribute("_client_port", "4711", LONGEST)));

  @Test
  void theyGoAroundTheClientsOwnInALogin() throws Exception {
    byte[] own = pair("a", "b").add(pair("c", "").bytes()).bytes();

    assertEquals(
        text(login(WITH_ATTRIBUTES, around(own))),
        text(added(login(WITH_ATTRIBUTES, own), WITH_ATTRIBUTES)));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Wire.USUAL,
        Wire.USUAL & ~Wire.PLUGIN_AUTH,
        Wire.USUAL | Wire.LENENC_AUTH,
        Wire.USUAL & ~Wire.SECURE_CONNECTION,
      })
  void aLoginWithoutAttributesGetsThem(int flags) throws Exception {
    byte[] login = Wire.login(flags, "u", new byte[] {1, 2}, Wire.NATIVE);

    assertEquals(text(block(login, around(new byte[0]))), text(added(login, flags)));
  }

  @Test
  void aLoginThatLeavesOutItsLastNulGetsThatFirst() throws Exception {
    byte[] whole = Wire.login(Wire.USUAL, "u", new byte[] {1, 2}, Wire.NATIVE);
    byte[] cut = Wire.of().add(whole).bytes();

    assertEquals(
        text(block(whole, around(new byte[0]))),
        text(added(Arrays.copyOf(cut, cut.length - 1), Wire.USUAL)));
  }

  @Test
  void aLoginWithADatabaseKeepsIt() throws Exception {
    int flags = (Wire.USUAL | CONNECT_WITH_DB) & ~Wire.PLUGIN_AUTH;
    byte[] login =
        Wire.of().add(Wire.login(flags, "u", new byte[0], "")).text("base").add(0).bytes();

    assertEquals(text(block(login, around(new byte[0]))), text(added(login, flags)));
  }

  @Test
  void whatComesBehindTheAttributesStaysThere() throws Exception {
    byte[] own = pair("a", "b").bytes();
    byte[] withLevel = Wire.of().add(login(WITH_ATTRIBUTES, own)).add(3).bytes();

    assertEquals(
        text(Wire.of().add(login(WITH_ATTRIBUTES, around(own))).add(3).bytes()),
        text(added(withLevel, WITH_ATTRIBUTES)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_client_ip",
        "_CLIENT_CERT_SUBJECT",
        "_client_rule  ",
        "_client_ip\0",
        "\u007F_client_ip\u00A0",
        "_client_ip                       and more than servers keep",
        "                                    _client_ip                      and more",
        ""
      })
  void whatCouldBeTakenForOneOfThemIsLeftOut(String name) throws Exception {
    byte[] own = pair(name, "forged").add(pair("a", "b").bytes()).bytes();

    assertEquals(
        text(login(WITH_ATTRIBUTES, around(pair("a", "b").bytes()))),
        text(added(login(WITH_ATTRIBUTES, own), WITH_ATTRIBUTES)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"_client_name", "_client_ip2", "client_ip", "_client_version", "_pid"})
  void otherNamesStay(String name) throws Exception {
    byte[] own = pair(name, "its own").bytes();

    assertEquals(
        text(login(WITH_ATTRIBUTES, around(own))),
        text(added(login(WITH_ATTRIBUTES, own), WITH_ATTRIBUTES)));
  }

  @Test
  void whatNoServerCouldReadIsLeftOut() throws Exception {
    byte[] damaged = Wire.of().add(pair("a", "b").bytes()).add(5).text("x").bytes();
    byte[] endless =
        pair("a", "b").add(1).text("c").add(0xFE, -1, -1, -1, -1, -1, -1, -1, -1).bytes();

    for (byte[] own : List.of(damaged, endless)) {
      assertEquals(
          text(login(WITH_ATTRIBUTES, around(pair("a", "b").bytes()))),
          text(added(login(WITH_ATTRIBUTES, own), WITH_ATTRIBUTES)));
    }
  }

  @Test
  void attributesThatRunPastTheEndOfThePacketAreRefused() {
    byte[] login = Wire.login(WITH_ATTRIBUTES, "u", new byte[0], Wire.NATIVE);

    for (byte[] block : List.of(new byte[] {4, 1, 'a', 1}, new byte[] {-4, 1}, new byte[] {-5})) {
      byte[] packet = Wire.of().add(login).add(block).bytes();
      assertThrows(MalformedPacketException.class, () -> added(packet, WITH_ATTRIBUTES));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {249, 250, 251, 252, 65_534, 65_535})
  void lengthsAreWrittenAsTheirSizeNeeds(int length) throws Exception {
    int ours = around(new byte[0]).length;
    byte[] own = ownOf(length - ours);

    assertEquals(
        text(login(WITH_ATTRIBUTES, around(own))),
        text(added(login(WITH_ATTRIBUTES, own), WITH_ATTRIBUTES)));
  }

  @Test
  void theClientsOwnGiveWayWhereAServerWouldRefuseTheLength() throws Exception {
    byte[] added = added(login(WITH_ATTRIBUTES, ownOf(65_535)), WITH_ATTRIBUTES);

    int head = Wire.login(WITH_ATTRIBUTES, "u", new byte[] {1, 2}, Wire.NATIVE).length;
    int length = (added[head + 1] & 0xFF) | (added[head + 2] & 0xFF) << 8;
    assertTrue(length > 65_000, () -> length + " bytes");
    assertEquals(head + 3 + length, added.length);
    assertTrue(text(added).endsWith(text(pair("_client_port", "4711").bytes())));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 45, 123456789, 123456789",
    "10, 45, 1234567890, 1234567890",
    "10, 45, 12345678901, 1234567...",
    "10, 45, 1234äöü, 1234äöü",
    "10, 45, 12345äöü, 12345ä...",
    "10, 45, 123456äöü, 123456...",
    "10, 45, 1234😀😀, 1234...",
    "10, 8, ä, \\C3\\A4",
    "10, 8, 12ä, 12\\C3\\A4",
    "10, 8, 12ää, 12...",
    "10, -1, ä, \\C3\\A4",
  })
  void aLongValueIsCutBetweenTwoCharactersAndEndsInDots(
      int most, int collation, String value, String expected) throws Exception {
    ConnectionAttributes attributes =
        new ConnectionAttributes(List.of(new Attribute("_client_rule", value, most)), List.of());
    ByteBuf block =
        attributes.around(new Payload(Unpooled.EMPTY_BUFFER, "nothing"), false, collation);

    block.skipBytes(1 + 1 + "_client_rule".length());
    int length = block.readUnsignedByte();
    assertEquals(expected, block.readCharSequence(length, UTF_8));
    assertEquals(0, block.readableBytes());
  }

  @Test
  void aChangeOfUserGetsThemToo() throws Exception {
    byte[] command = Wire.changeUser("u", new byte[] {1, 2}, Wire.NATIVE);

    assertEquals(
        text(block(command, around(new byte[0]))), text(changed(command, Wire.USUAL, "9.7.0")));
    byte[] own = pair("_client_ip", "forged").add(pair("a", "b").bytes()).bytes();
    assertEquals(
        text(block(command, around(pair("a", "b").bytes()))),
        text(changed(block(command, own), WITH_ATTRIBUTES, "9.7.0")));
  }

  @Test
  void aChangeOfUserThatEndsAfterItsDatabaseSaysTheServersDefaultCharacterSet() throws Exception {
    byte[] command = Wire.of(0x11).text("u").add(0, 0, 0).bytes();
    byte[] filled = Wire.of().add(command).add(LATIN1, 0).bytes();
    int flags = Wire.USUAL & ~Wire.PLUGIN_AUTH;

    assertEquals(
        text(block(filled, around(new byte[0]))), text(changed(command, flags, "11.8.1-MariaDB")));
  }

  @Test
  void aChangeOfUserThatServersRefuseStaysAsItIs() throws Exception {
    byte[] command = Wire.of(0x11).text("u").add(0, 0, 0).bytes();

    assertEquals(text(command), text(changed(command, Wire.USUAL, "9.7.0")));
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 224, 255, 64 + 4 * 256, 252})
  void mysql56ReadsNothingOfAChangeOfUserThatAClientCouldForge(int collation) throws Exception {
    byte[] command =
        Wire.of(0x11).text("u").add(0, 0, 0, collation, collation >> 8).text("p").add(0).bytes();
    byte[] changed = changed(command, Wire.USUAL, "5.6.24");

    int charset = 5;
    int length = changed[charset] & 0xFF;
    assertEquals(collation > 250 ? LATIN1 : collation, length);
    assertEquals(0, changed[charset + 1], "the length of a name, which ends its reading");
    assertTrue(changed.length > charset + 250, "the packet is as long as it reads");
  }

  private static byte[] changed(byte[] command, int flags, String version) throws Exception {
    Capabilities capabilities = new Capabilities(flags);
    ByteBuf payload = Unpooled.wrappedBuffer(command);
    return bytes(
        ComChangeUser.decode(payload, capabilities)
            .withAttributes(
                payload, capabilities, greeting(version), OWN, UnpooledByteBufAllocator.DEFAULT));
  }

  private static HandshakeV10 greeting(String version) {
    return new HandshakeV10(
        version, 1, new Capabilities(-1), new byte[20], Wire.NATIVE, LATIN1, 0, new byte[0]);
  }

  /** Attributes of so many bytes in all. */
  private static byte[] ownOf(int length) {
    Wire own = Wire.of();
    int left = length;
    while (left > 0) {
      int value = left > 250 ? 100 : left - 3;
      own.add(pair("p", "x".repeat(value)).bytes());
      left -= value + 3;
    }
    return own.bytes();
  }

  private static byte[] around(byte[] clients) {
    return pair("_client_ip", "10.0.0.7")
        .add(clients)
        .add(pair("_client_port", "4711").bytes())
        .bytes();
  }

  private static byte[] login(int flags, byte[] attributes) {
    return block(Wire.login(flags, "u", new byte[] {1, 2}, Wire.NATIVE), attributes);
  }

  private static byte[] block(byte[] packet, byte[] attributes) {
    Wire login = Wire.of().add(packet);
    if (attributes.length < 0xFB) {
      login.add(attributes.length);
    } else {
      login.add(0xFC, attributes.length, attributes.length >> 8);
    }
    return login.add(attributes).bytes();
  }

  private static Wire pair(String name, String value) {
    return Wire.of(name.length()).text(name).add(value.length()).text(value);
  }

  private static byte[] added(byte[] login, int flags) throws MalformedPacketException {
    ByteBuf payload = Unpooled.wrappedBuffer(login);
    return bytes(
        HandshakeResponse.decode(payload, new Capabilities(flags))
            .withAttributes(payload, OWN, UnpooledByteBufAllocator.DEFAULT));
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    buffer.release();
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
