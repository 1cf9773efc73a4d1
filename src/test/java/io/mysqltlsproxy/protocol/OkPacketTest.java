package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SESSION_TRACK;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packets under {@code ok-packets/} are from MariaDB 11.8.9, after {@code SET GLOBAL
 * redirect_url='mysql://10.0.0.1:3306'}: the end of a login, and the answer to the same statement
 * with {@code SESSION}.
 */
class OkPacketTest {
  private static final Capabilities TRACKING =
      new Capabilities(CLIENT_PROTOCOL_41 | CLIENT_SESSION_TRACK);

  /** Status: autocommit, and session state changed. */
  private static final String CHANGED = "0000000240 0000 00 ";

  private static final String REDIRECT =
      "00 23 0c 72656469726563745f75726c 15 6d7973716c3a2f2f31302e302e302e313a33333036";
  private static final String AUTOCOMMIT = "00 0e 0a 6175746f636f6d6d6974 02 4f4e";
  private static final String SCHEMA = "01 05 04 73686f70";

  @Test
  void theRedirectOfARealLoginIsTakenOutAndNothingElse() throws Exception {
    ByteBuf payload = Packets.recorded("ok-packets/mariadb-11.8-login.hex");
    String before = Packets.dump(payload);
    String redirect = REDIRECT.replace(" ", "");

    String filtered = filtered(payload);

    // The session state, 0xAA bytes with the redirect, is 0x25 bytes shorter.
    String expected =
        before.replace("0000000240000000aa", "000000024000000085").replace(redirect, "");
    assertEquals(expected, filtered);
    assertEquals(before, Packets.dump(payload), "the original is left alone");
    assertEquals(1, payload.refCnt());
  }

  @Test
  void aRedirectAloneLeavesAnEmptySessionState() throws Exception {
    ByteBuf payload = Packets.recorded("ok-packets/mariadb-11.8-set-redirect-url.hex");

    assertEquals("000000024000000000", filtered(payload));
  }

  /** Session state before and after, each with its length. */
  static Stream<Arguments> states() {
    return Stream.of(
        Arguments.of("first", "2c" + REDIRECT + SCHEMA, "07" + SCHEMA),
        Arguments.of("last", "2c" + SCHEMA + REDIRECT, "07" + SCHEMA),
        Arguments.of("between", "3c" + AUTOCOMMIT + REDIRECT + SCHEMA, "17" + AUTOCOMMIT + SCHEMA),
        Arguments.of("twice", "4a" + REDIRECT + REDIRECT, "00"),
        Arguments.of("empty, which ends one", "0f 00 0d 0c 72656469726563745f75726c", "00"),
        Arguments.of("a length of three bytes", "fc2c00" + REDIRECT + SCHEMA, "07" + SCHEMA),
        Arguments.of(
            "beside a long entry",
            "fc5501" + REDIRECT + "01 fc2c01" + "61".repeat(300),
            "fc3001 01 fc2c01" + "61".repeat(300)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("states")
  void aRedirectIsTakenOutWhereverItStands(String where, String before, String after)
      throws Exception {
    String filtered = filtered(Packets.of(Packets.hex(CHANGED + before)));

    assertEquals(Packets.dump(Packets.of(Packets.hex(CHANGED + after))), filtered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000200 0000",
        "0000000200 0000 05 68656c6c6f",
        "00 fc0001 fdffffff 0200 0000",
        // Session state changed, and said nowhere.
        "0000000240 0000",
        CHANGED + "10 00 0e 0a 6175746f636f6d6d6974 02 4f4e",
        // Another variable, whose name only begins or ends like it.
        CHANGED + "10 00 0e 0d 72656469726563745f75726c73",
        CHANGED + "0f 00 0d 0c 52656469726563745f75726c",
        // A schema of that name.
        CHANGED + "0f 01 0d 0c 72656469726563745f75726c",
        // The certificate proof of MariaDB 11.4 and newer, in the info.
        "0000000200 0000 41 01 3636363636363636363636363636363636363636363636363636363636363636"
            + "3636363636363636363636363636363636363636363636363636363636363636",
      })
  void whereThereIsNoneThePacketItselfGoesOn(String digits) throws Exception {
    ByteBuf payload = Packets.of(Packets.hex(digits));

    assertSame(payload, withoutRedirect(payload));
    assertEquals(2, payload.refCnt(), "retained");
  }

  @Test
  void aClientThatDoesNotTrackGetsThePacketItself() throws Exception {
    ByteBuf payload = Packets.recorded("ok-packets/mariadb-11.8-login.hex");

    assertSame(
        payload,
        OkPacket.withoutRedirect(
            payload, new Capabilities(CLIENT_PROTOCOL_41), UnpooledByteBufAllocator.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "000000",
        "0000000240 00",
        CHANGED,
        CHANGED + "02 00",
        CHANGED + "01 00 0e 0a 6175746f636f6d6d6974 02 4f4e",
        CHANGED + "10 00 0f 0a 6175746f636f6d6d6974 02 4f4e",
        CHANGED + "fb",
        CHANGED + "02 00 ff",
        "0000000240 0000 05 68656c6c",
      })
  void aMalformedOneIsRefusedAndNothingLeaks(String digits) {
    ByteBuf payload = Packets.of(Packets.hex(digits));

    assertThrows(MalformedPacketException.class, () -> withoutRedirect(payload));
    assertEquals(1, payload.refCnt());
  }

  @Test
  void cutOffAnywhereItIsRefusedOrPassed() {
    ByteBuf payload = Packets.recorded("ok-packets/mariadb-11.8-login.hex");

    // Up to the warnings: MySQL leaves out the rest where it is empty.
    assertEquals(7, Truncation.shortestTaken(payload, OkPacketTest::filtered));
  }

  @Test
  void aPacketInsideABufferIsReadFromItsOwnStart() throws Exception {
    ByteBuf whole = Packets.of("before", Packets.hex(CHANGED + "25" + REDIRECT), "behind");
    ByteBuf payload = whole.slice(6, whole.readableBytes() - 12);
    ByteBuf moved = Unpooled.wrappedBuffer(whole).setIndex(6, whole.readableBytes() - 6);

    assertEquals("000000024000000000", filtered(payload));
    assertEquals("000000024000000000", filtered(moved));
  }

  private static String filtered(ByteBuf payload) throws MalformedPacketException {
    ByteBuf filtered = withoutRedirect(payload);
    String digits = Packets.dump(filtered);
    filtered.release();
    return digits;
  }

  private static ByteBuf withoutRedirect(ByteBuf payload) throws MalformedPacketException {
    return OkPacket.withoutRedirect(payload, TRACKING, UnpooledByteBufAllocator.DEFAULT);
  }

  @Test
  void anInfoGoesBeforeTheSessionStateOfARealLogin() throws Exception {
    ByteBuf payload = Packets.recorded("ok-packets/mariadb-11.8-login.hex");
    String before = Packets.dump(payload);

    assertEquals(
        before.replaceFirst("^(00000002400000)00", "$10568656c6c6f"), withInfo(payload, "hello"));
    assertEquals(before, Packets.dump(payload), "the original is left alone");
  }

  @Test
  void anInfoIsAddedWhereThePacketEndsBeforeIt() throws Exception {
    assertEquals(
        "0000000200000002" + "6f6b", withInfo(Packets.of(Packets.hex("00000002000000")), "ok"));
    assertEquals(
        "0000000200000002" + "6f6b", withInfo(Packets.of(Packets.hex("0000000200000000")), "ok"));
  }

  @Test
  void anInfoOfTheServersOwnStays() throws Exception {
    assertEquals(
        "0000000200000001" + "61", withInfo(Packets.of(Packets.hex("000000020000000161")), "ok"));
  }

  @Test
  void theProofOfAServerWithoutTlsIsReplaced() throws Exception {
    assertEquals(
        "0000000200000003" + "013242",
        withInfo(Packets.of(Packets.hex("00000002000000030130 41")), "\1" + "2B"));
  }

  private static String withInfo(ByteBuf payload, String info) throws Exception {
    ByteBuf result =
        OkPacket.withProof(payload, info.getBytes(US_ASCII), UnpooledByteBufAllocator.DEFAULT);
    try {
      return Packets.dump(result);
    } finally {
      result.release();
    }
  }
}
