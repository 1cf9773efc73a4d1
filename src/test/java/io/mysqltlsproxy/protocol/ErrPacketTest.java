package io.mysqltlsproxy.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrPacketTest {

  @Test
  void inPlaceOfAGreetingItHasNoSqlState() throws Exception {
    ByteBuf payload = Packets.of(0xFF, 0x10, 0x04, "Too many connections");

    assertTrue(ErrPacket.isAt(payload));
    assertEquals(new ErrPacket(1040, "HY000", "Too many connections"), ErrPacket.decode(payload));
  }

  @Test
  void afterTheGreetingItHasOne() throws Exception {
    ByteBuf payload = Packets.of(0xFF, 0x10, 0x04, "#08004Too many connections");

    assertEquals(new ErrPacket(1040, "08004", "Too many connections"), ErrPacket.decode(payload));
  }

  @ParameterizedTest
  @CsvSource({"'', HY000, ''", "#, HY000, #", "#0800, HY000, #0800", "#08004, 08004, ''"})
  void aShortMessageIsReadAsItIs(String text, String state, String message) throws Exception {
    assertEquals(
        new ErrPacket(1040, state, message), ErrPacket.decode(Packets.of(0xFF, 0x10, 4, text)));
  }

  @Test
  void itIsWrittenWithSqlStateOrWithout() {
    ErrPacket error = ErrPacket.badHandshake();
    ByteBuf with = Unpooled.buffer();
    ByteBuf without = Unpooled.buffer();

    error.encode(with, true);
    error.encode(without, false);

    assertEquals(
        Packets.dump(Packets.of(0xFF, 0x13, 4, "#08S01Bad handshake")), Packets.dump(with));
    assertEquals(Packets.dump(Packets.of(0xFF, 0x13, 4, "Bad handshake")), Packets.dump(without));
  }

  @Test
  void cutOffBeforeItsCodeItIsRefused() {
    ByteBuf payload = Packets.of(0xFF, 0x13, 4, "#08S01Bad handshake");

    assertEquals(3, Truncation.shortestTaken(payload, ErrPacket::decode));
    assertThrows(MalformedPacketException.class, () -> ErrPacket.decode(Unpooled.EMPTY_BUFFER));
  }

  @Test
  void itIsKnownByItsFirstByte() {
    assertFalse(ErrPacket.isAt(Unpooled.EMPTY_BUFFER));
    assertFalse(ErrPacket.isAt(Packets.of(10)));
    assertFalse(ErrPacket.isAt(Packets.of(0xFF, 10).skipBytes(1)));
  }

  /** Numbers and SQLSTATEs are those of the servers and of libmysql. */
  @Test
  void whatTheProxySaysItselfHasItsOfficialNumber() {
    assertEquals("ERROR 1043 (08S01): Bad handshake", ErrPacket.badHandshake().toString());
    assertEquals(
        "ERROR 1153 (08S01): Got a packet bigger than 'max_allowed_packet' bytes",
        ErrPacket.packetTooLarge().toString());
    assertEquals(
        "ERROR 1156 (08S01): Got packets out of order", ErrPacket.packetsOutOfOrder().toString());
    assertEquals("ERROR 1047 (08S01): Unknown command", ErrPacket.unknownCommand().toString());
    assertEquals("ERROR 1105 (HY000): why", ErrPacket.unknown("why").toString());
    assertEquals(
        "ERROR 1158 (08S01): Can't connect to MySQL server on 'db:3306' (refused)",
        ErrPacket.cannotConnect("db:3306", "refused").toString());
    assertEquals(
        "ERROR 1158 (08S01): Lost connection to MySQL server at 'login'",
        ErrPacket.serverLost("login").toString());
  }

  /** MariaDB's clients take a packet with one of the clients' own numbers for a malformed one. */
  @Test
  void whatTheProxySaysItselfHasNoneOfTheClientsNumbers() throws Exception {
    for (Method factory : ErrPacket.class.getDeclaredMethods()) {
      boolean makes =
          Modifier.isStatic(factory.getModifiers()) && factory.getReturnType() == ErrPacket.class;
      if (makes && !factory.getName().equals("decode")) {
        Object[] texts = new Object[factory.getParameterCount()];
        for (int i = 0; i < texts.length; i++) {
          texts[i] = factory.getParameterTypes()[i] == int.class ? (Object) 1 : "text";
        }
        int code = ((ErrPacket) factory.invoke(null, texts)).code();

        assertTrue(code >= 1000 && code < 2000, factory.getName() + " says " + code);
      }
    }
  }
}
