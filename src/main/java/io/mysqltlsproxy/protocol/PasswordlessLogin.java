package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_ATTRS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_WITH_DB;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_MYSQL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SECURE_CONNECTION;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The proxy's own login: a {@link HandshakeResponse} without a password, which completes a
 * handshake.
 */
public final class PasswordlessLogin {
  /**
   * The user of a login that only ends a handshake: one that the server does not have, with a name
   * that fits into the 16 characters of MySQL before 5.7.8.
   */
  public static final String NOBODY = "mysql-tls-proxy";

  private static final int MAX_PACKET = 1 << 24;
  private static final int LATIN1 = 8;
  private static final int FILLER = 23;

  private PasswordlessLogin() {}

  /**
   * Writes the payload as a client without TLS sends it; for a server from before MySQL 4.1 that of
   * a HandshakeResponse320.
   *
   * @param offered what the server's greeting offers; only what this packet needs is taken
   */
  public static void encode(ByteBuf out, String user, Capabilities offered, String authPluginName) {
    long flags =
        offered.has(CLIENT_PROTOCOL_41)
            ? CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH
            : 0;
    Capabilities taken = new Capabilities(offered.bits() & flags).with(CLIENT_MYSQL);
    encode(out, user, new SslRequest(taken, LATIN1), authPluginName);
  }

  /**
   * The same for a server that has agreed on TLS, and that holds to what was asked for.
   *
   * @param head what it begins with
   */
  public static void encode(ByteBuf out, String user, SslRequest head, String authPluginName) {
    Capabilities capabilities = head.capabilities();
    if (!capabilities.has(CLIENT_PROTOCOL_41)) {
      out.writeShortLE(capabilities.mysqlBits()).writeMediumLE(MAX_PACKET);
      out.writeCharSequence(user, StandardCharsets.US_ASCII);
      out.writeByte(0);
      return;
    }
    out.writeIntLE(capabilities.mysqlBits()).writeIntLE(MAX_PACKET).writeByte(head.characterSet());
    out.writeZero(FILLER - 4);
    out.writeIntLE(capabilities.has(CLIENT_MYSQL) ? 0 : capabilities.mariadbBits());
    out.writeCharSequence(user, StandardCharsets.US_ASCII);
    out.writeByte(0).writeByte(0);
    if (capabilities.has(CLIENT_CONNECT_WITH_DB)) {
      out.writeByte(0);
    }
    if (capabilities.has(CLIENT_PLUGIN_AUTH)) {
      out.writeCharSequence(authPluginName, StandardCharsets.US_ASCII);
      out.writeByte(0);
    }
    if (capabilities.has(CLIENT_CONNECT_ATTRS)) {
      out.writeByte(0);
    }
  }
}
