package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_MYSQL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SSL;

import io.netty.buffer.ByteBuf;

/**
 * The head of a client's first packet: capabilities, largest packet and character set. Alone, with
 * CLIENT_SSL set, it is the SSLRequest; with a user name behind it, it is a HandshakeResponse.
 *
 * <p>Layout from 4.1 on: capabilities 4; largest packet 4; character set 1; filler 23, of which
 * MariaDB's clients use the last 4 for their extended capabilities. An old Connector/J sends the
 * capabilities alone (4 bytes); a 4.0 client sends capabilities 2 and largest packet 3.
 *
 * @param capabilities what the client wants; the server holds the SSLRequest's against the
 *     connection and ignores those that come later
 * @param characterSet the collation id, 0 where the packet has none
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_ssl_request.html">MySQL:
 *     Protocol::SSLRequest</a>
 */
public record SslRequest(Capabilities capabilities, int characterSet) {
  /** The head from 4.1 on, in bytes. */
  public static final int LENGTH_41 = 32;

  /** The head before 4.1, in bytes. */
  static final int LENGTH_320 = 5;

  /**
   * Decodes a head.
   *
   * @throws MalformedPacketException when the payload is too short to be either packet
   */
  public static SslRequest decode(ByteBuf payload) throws MalformedPacketException {
    Payload in = new Payload(payload, "SSLRequest");
    long low = in.int2("capabilities");
    if ((low & CLIENT_PROTOCOL_41) == 0) {
      in.skip(LENGTH_320 - 2, "largest packet");
      return new SslRequest(new Capabilities(low), 0);
    }
    long bits = low | (long) in.int2("capabilities") << 16;
    if (in.remaining() == 0) {
      return new SslRequest(new Capabilities(bits), 0);
    }
    in.skip(4, "largest packet");
    int characterSet = in.int1("character set");
    in.skip(19, "filler");
    long extended = in.int4("filler");
    if ((bits & CLIENT_MYSQL) == 0) {
      bits |= extended << 32;
    }
    return new SslRequest(new Capabilities(bits), characterSet);
  }

  /**
   * Whether the client asks for TLS. As in MySQL the flag alone says so: whatever else stands in
   * the packet is ignored.
   */
  public boolean asksForTls() {
    return capabilities.has(CLIENT_SSL);
  }
}
