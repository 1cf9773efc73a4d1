package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_COMPRESS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_ATTRS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_WITH_DB;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_MYSQL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SECURE_CONNECTION;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SSL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/**
 * What the proxy writes of a login: flags of its own into a client's, and a whole one of nobody.
 */
class HandshakeResponseWritingTest {
  private static final long SECURE = CLIENT_MYSQL | CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION;

  private static final String NATIVE = "mysql_native_password";
  private static final byte[] HASH = Packets.hex("000102030405060708090a0b0c0d0e0f10111213");

  @Test
  void theServerSeesTheFlagsOfTheSslRequest() throws Exception {
    ByteBuf payload = login(SECURE | CLIENT_SSL | CLIENT_COMPRESS, 20, HASH);
    Capabilities agreed = new Capabilities(SECURE);

    HandshakeResponse.decode(payload, agreed).writeCapabilities(payload, false);

    assertEquals(Packets.dump(login(SECURE, 20, HASH)), Packets.dump(payload));
  }

  @Test
  void mariaDbsExtendedFlagsAreOverwrittenTooAndOnlyThere() throws Exception {
    long mariaDb = CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION;
    ByteBuf ofMariaDb = login(mariaDb | 0xFFL << 32, 20, HASH);
    ByteBuf ofMysql = login(SECURE | 0xFFL << 32, 20, HASH);

    HandshakeResponse.decode(ofMariaDb, new Capabilities(mariaDb | 1L << 34))
        .writeCapabilities(ofMariaDb, false);
    HandshakeResponse.decode(ofMysql, new Capabilities(SECURE)).writeCapabilities(ofMysql, false);

    assertEquals(Packets.dump(login(mariaDb | 1L << 34, 20, HASH)), Packets.dump(ofMariaDb));
    assertEquals(Packets.dump(login(SECURE | 0xFFL << 32, 20, HASH)), Packets.dump(ofMysql));
  }

  @Test
  void beforeVersion41OnlyTwoBytesOfFlagsAreOverwritten() throws Exception {
    ByteBuf payload = Packets.of(Packets.head320(CLIENT_MYSQL | CLIENT_SSL), "laura\0");

    HandshakeResponse.decode(payload, new Capabilities(CLIENT_MYSQL))
        .writeCapabilities(payload, false);

    assertEquals(
        Packets.dump(Packets.of(Packets.head320(CLIENT_MYSQL), "laura\0")), Packets.dump(payload));
  }

  @Test
  void theLoginWithoutPasswordTakesOnlyWhatTheServerOffers() throws Exception {
    ByteBuf out = Unpooled.buffer();
    Capabilities offered = new Capabilities(0x1d81fff7feL);

    PasswordlessLogin.encode(out, "nobody", offered, NATIVE);

    Capabilities sent = SslRequest.decode(out).capabilities();
    assertEquals(new Capabilities(SECURE | CLIENT_PLUGIN_AUTH), sent);
    HandshakeResponse login = HandshakeResponse.decode(out, sent);
    assertEquals("nobody", login.userName());
    assertEquals(0, login.authResponseLength());
    assertEquals(NATIVE, login.authPluginName());
  }

  @Test
  void theLoginWithoutPasswordNamesNoPluginToAServerWithoutPlugins() throws Exception {
    ByteBuf out = Unpooled.buffer();

    PasswordlessLogin.encode(out, "nobody", new Capabilities(0xa22c), "");

    assertEquals(
        Packets.dump(Packets.of(Packets.hex("01820000 00000001 08"), new byte[23], "nobody\0\0")),
        Packets.dump(out));
  }

  @Test
  void afterAnSslRequestTheLoginWithoutPasswordHasItsFlagsAndItsCharacterSet() throws Exception {
    long flags =
        SECURE
            | CLIENT_SSL
            | CLIENT_PLUGIN_AUTH
            | CLIENT_CONNECT_WITH_DB
            | CLIENT_CONNECT_ATTRS
            | CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA;
    SslRequest request = new SslRequest(new Capabilities(flags), 45);
    ByteBuf out = Unpooled.buffer();

    PasswordlessLogin.encode(out, "nobody", request, NATIVE);

    assertEquals(request, SslRequest.decode(out));
    HandshakeResponse login = HandshakeResponse.decode(out, request.capabilities());
    assertEquals("nobody", login.userName());
    assertEquals(0, login.authResponseLength());
    assertEquals(NATIVE, login.authPluginName());
    assertEquals(0, out.getByte(out.writerIndex() - 1), "no attributes");
  }

  private static ByteBuf login(long flags, Object... rest) {
    return Packets.of(
        Packets.head41(flags), "laura\0", Packets.hex(Packets.dump(Packets.of(rest))));
  }
}
