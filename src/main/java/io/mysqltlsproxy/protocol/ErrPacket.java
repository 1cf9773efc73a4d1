package io.mysqltlsproxy.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * ERR_Packet: 1 byte 0xFF; error code 2; {@code #} and SQLSTATE 5, but not before the client's
 * capabilities are known; message to the end.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html">MySQL:
 *     ERR_Packet</a>
 */
public record ErrPacket(int code, String sqlState, String message) {
  public static final int HEADER = 0xFF;

  /** MySQL's ER_CON_COUNT_ERROR. */
  public static final int TOO_MANY_CONNECTIONS = 1040;

  /** {@link #TOO_MANY_CONNECTIONS}, as a server says it. */
  public static ErrPacket tooManyConnections() {
    return new ErrPacket(TOO_MANY_CONNECTIONS, "08004", "Too many connections");
  }

  /** MySQL's ER_HANDSHAKE_ERROR. */
  public static ErrPacket badHandshake() {
    return new ErrPacket(1043, "08S01", "Bad handshake");
  }

  /** ER_HANDSHAKE_ERROR, with MariaDB's words for a header from where none is believed. */
  public static ErrPacket proxyHeaderNotAccepted(String from) {
    return new ErrPacket(1043, "08S01", "Proxy header is not accepted from " + from);
  }

  /** MySQL's ER_HOST_NOT_PRIVILEGED, for a client of this machine. */
  public static ErrPacket hostNotAllowed(String reason) {
    return new ErrPacket(
            1130, "HY000", "Host 'localhost' is not allowed to connect to this MySQL server")
        .because(reason);
  }

  /** MySQL's ER_NET_PACKET_TOO_LARGE. */
  public static ErrPacket packetTooLarge() {
    return new ErrPacket(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes");
  }

  /** MySQL's ER_NET_PACKETS_OUT_OF_ORDER. */
  public static ErrPacket packetsOutOfOrder() {
    return new ErrPacket(1156, "08S01", "Got packets out of order");
  }

  /**
   * ER_NET_READ_ERROR, whose SQLSTATE tells drivers that another attempt or another host may do,
   * with the words of a client's CR_CONN_HOST_ERROR. That code itself is the clients' own:
   * MariaDB's take a packet with one from 2000 to 2999 for a malformed packet.
   */
  public static ErrPacket cannotConnect(String server, String why) {
    return new ErrPacket(
        1158, "08S01", "Can't connect to MySQL server on '" + server + "' (" + why + ")");
  }

  /** ER_NET_READ_ERROR with the words of a client's CR_SERVER_LOST_EXTENDED. */
  public static ErrPacket serverLost(String when) {
    return new ErrPacket(1158, "08S01", "Lost connection to MySQL server at '" + when + "'");
  }

  /** ER_NET_READ_ERROR with the words of a client's CR_SSL_CONNECTION_ERROR. */
  public static ErrPacket sslConnection(String server, String why) {
    return new ErrPacket(
        1158, "08S01", "SSL connection error with MySQL server on '" + server + "' (" + why + ")");
  }

  /** MySQL's ER_UNKNOWN_COM_ERROR. */
  public static ErrPacket unknownCommand() {
    return new ErrPacket(1047, "08S01", "Unknown command");
  }

  /** MariaDB's ER_CONNECTION_KILLED, which MySQL has no older name for. */
  public static ErrPacket connectionKilled() {
    return new ErrPacket(1927, "70100", "Connection was killed");
  }

  /** MySQL's ER_SERVER_SHUTDOWN. */
  public static ErrPacket serverShutdown() {
    return new ErrPacket(1053, "08S01", "Server shutdown in progress");
  }

  /** For a failure that MySQL has no code of its own for: ER_UNKNOWN_ERROR. */
  public static ErrPacket unknown(String message) {
    return new ErrPacket(1105, "HY000", message);
  }

  /** The same error, with the proxy's reason behind MySQL's words. */
  public ErrPacket because(String reason) {
    return new ErrPacket(code, sqlState, message + " (mysql-tls-proxy: " + reason + ")");
  }

  /** Whether a payload is an ERR packet, by its first byte. */
  public static boolean isAt(ByteBuf payload) {
    return payload.isReadable() && payload.getUnsignedByte(payload.readerIndex()) == HEADER;
  }

  /** Decodes a payload that begins with {@link #HEADER}, with or without SQLSTATE. */
  public static ErrPacket decode(ByteBuf payload) throws MalformedPacketException {
    Payload in = new Payload(payload, "ERR_Packet");
    in.skip(1, "header");
    int code = in.int2("error code");
    String text = new String(in.bytes(in.remaining(), "message"), StandardCharsets.UTF_8);
    boolean hasState = text.length() >= 6 && text.charAt(0) == '#';
    return hasState
        ? new ErrPacket(code, text.substring(1, 6), text.substring(6))
        : new ErrPacket(code, "HY000", text);
  }

  /**
   * Writes the payload for a client that has not said its character set.
   *
   * @param withSqlState false in place of a greeting, when the client could not tell it from text
   */
  public void encode(ByteBuf out, boolean withSqlState) {
    head(out, withSqlState);
    out.writeCharSequence(message, StandardCharsets.UTF_8);
  }

  /**
   * Writes the payload with the message in the client's character set, as servers do.
   *
   * @param collation of the client's character set, as in its login
   */
  public void encodeFor(int collation, ByteBuf out) {
    head(out, true);
    out.writeBytes(CharacterSets.encode(CharacterSets.family(collation), message));
  }

  private void head(ByteBuf out, boolean withSqlState) {
    out.writeByte(HEADER).writeShortLE(code);
    if (withSqlState) {
      out.writeByte('#').writeCharSequence(sqlState, StandardCharsets.US_ASCII);
    }
  }

  @Override
  public String toString() {
    return "ERROR " + code + " (" + sqlState + "): " + message;
  }
}
