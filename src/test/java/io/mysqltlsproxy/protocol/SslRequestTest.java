package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_MYSQL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SSL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SslRequestTest {
  private static final long MYSQL = CLIENT_MYSQL | CLIENT_PROTOCOL_41 | CLIENT_SSL;
  private static final long MARIADB = CLIENT_PROTOCOL_41 | CLIENT_SSL | 1L << 34;
  private static final long OLD = CLIENT_MYSQL | CLIENT_SSL;

  static Stream<Arguments> requests() {
    return Stream.of(
        Arguments.of("32 bytes", Packets.of(Packets.head41(MYSQL)), MYSQL, 45),
        Arguments.of("more than 32", Packets.of(Packets.head41(MYSQL), "name\0"), MYSQL, 45),
        Arguments.of("MariaDB's client", Packets.of(Packets.head41(MARIADB)), MARIADB, 45),
        Arguments.of(
            "MySQL's client with a dirty filler",
            Packets.of(Packets.head41(MYSQL | 0xFFL << 32)),
            MYSQL,
            45),
        Arguments.of("4 bytes", Packets.of(Packets.hex("010a0000")), MYSQL, 0),
        Arguments.of("5 bytes", Packets.of(Packets.head320(OLD)), OLD, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void everySizeThatClientsSendIsRead(String size, ByteBuf payload, long flags, int characterSet)
      throws Exception {
    SslRequest request = SslRequest.decode(payload);

    assertEquals(new Capabilities(flags), request.capabilities());
    assertEquals(characterSet, request.characterSet());
    assertTrue(request.asksForTls());
  }

  @Test
  void betweenTheseSizesItIsRefused() {
    ByteBuf payload41 = Packets.of(Packets.head41(MYSQL));
    ByteBuf payload320 = Packets.of(Packets.head320(OLD));

    for (int length = 0; length < 32; length++) {
      ByteBuf cut = Packets.cut(payload41, length);
      if (length != 4) {
        assertThrows(MalformedPacketException.class, () -> SslRequest.decode(cut), "of " + length);
      }
    }
    assertEquals(5, Truncation.shortestTaken(payload320, SslRequest::decode));
  }

  @Test
  void aLoginWithoutTheFlagDoesNotAskForTls() throws Exception {
    ByteBuf login = Packets.of(Packets.head41(CLIENT_PROTOCOL_41), "laura\0\0");

    assertFalse(SslRequest.decode(login).asksForTls());
  }

  @Test
  void capabilitiesPrintTheirNames() {
    assertEquals(
        "CLIENT_MYSQL|CLIENT_SSL|CLIENT_PLUGIN_AUTH|MARIADB_CLIENT_COM_MULTI|1<<63",
        new Capabilities(1 | 1 << 11 | 1 << 19 | 1L << 33 | 1L << 63).toString());
  }
}
