package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_ATTRS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_WITH_DB;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_MYSQL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SECURE_CONNECTION;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SSL;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * The client's login: HandshakeResponse41, or HandshakeResponse320 without CLIENT_PROTOCOL_41.
 *
 * <p>Layout of 41: the 32 bytes of {@link SslRequest}; user name NUL; authentication response (with
 * a length, one byte or length-encoded, or up to a NUL); database NUL; plugin name NUL; connection
 * attributes. Layout of 320: capabilities 2; largest packet 3; user name NUL; authentication
 * response NUL; database.
 *
 * @param capabilities the flags that the packet is read with, which the server will see
 * @param userName as the server reads it, without surrounding quotes
 * @param characterSet the collation that it was read in; 0 where the packet has none
 * @param authResponseOffset where the authentication response's length stands, in bytes
 * @param authResponseEnd where what follows it begins
 * @param authResponseLength its length without its framing, in bytes
 * @param authPluginName what the response is made for; empty where the client names none
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html">MySQL:
 *     Protocol::HandshakeResponse</a>
 */
public record HandshakeResponse(
    Capabilities capabilities,
    String userName,
    int characterSet,
    int authResponseOffset,
    int authResponseEnd,
    int authResponseLength,
    String authPluginName) {

  private static final String AUTH_RESPONSE = "authentication response";

  /**
   * In bytes of UTF-8, without the quotes: 48 in all, which is 16 characters of 3 bytes. A server
   * may cut off the second quote of a longer name.
   */
  private static final int MAX_QUOTED_LENGTH = 46;

  private static final int FILLER = 23;

  /**
   * Decodes a payload, without moving its indices, under the flags that the server will apply.
   *
   * @param capabilities those of the SSLRequest where there was one, since the server holds to
   *     them; never with CLIENT_SSL
   */
  public static HandshakeResponse decode(ByteBuf payload, Capabilities capabilities)
      throws MalformedPacketException {
    Payload in = new Payload(payload, "HandshakeResponse");
    boolean is41 = capabilities.has(CLIENT_PROTOCOL_41);
    int characterSet = 0;
    if (is41) {
      in.skip(8, "capabilities and largest packet");
      characterSet = in.int1("character set");
      in.skip(FILLER, "filler");
    } else {
      in.skip(SslRequest.LENGTH_320, "head");
    }
    String user = unquoted(in, in.userName(), characterSet);
    int offset = in.offset();
    int length;
    if (!authResponseHasLength(capabilities)) {
      length = in.skipNulOrEnd();
    } else if (capabilities.has(CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA)) {
      length = skip(in, in.lengthEncoded(AUTH_RESPONSE), AUTH_RESPONSE);
    } else {
      length = skip(in, in.int1(AUTH_RESPONSE), AUTH_RESPONSE);
    }
    int end = in.offset();
    String plugin = "";
    if (is41) {
      if (capabilities.has(CLIENT_CONNECT_WITH_DB)) {
        in.nulOrEnd();
      }
      if (capabilities.has(CLIENT_PLUGIN_AUTH)) {
        plugin = in.nameOrEnd();
      }
      if (capabilities.has(CLIENT_CONNECT_ATTRS) && in.remaining() > 0) {
        // Servers count the host's handshake errors where they run past the end.
        skip(in, in.lengthEncoded("connection attributes"), "connection attributes");
      }
    }
    return new HandshakeResponse(capabilities, user, characterSet, offset, end, length, plugin);
  }

  /** The same with more flags. */
  public HandshakeResponse with(long flags) {
    return new HandshakeResponse(
        capabilities.with(flags),
        userName,
        characterSet,
        authResponseOffset,
        authResponseEnd,
        authResponseLength,
        authPluginName);
  }

  /**
   * Overwrites the flags at the head of this login's payload, in place, with {@link #capabilities}.
   *
   * @param onTls whether CLIENT_SSL is one of them, for a server that has agreed on TLS
   */
  public void writeCapabilities(ByteBuf payload, boolean onTls) {
    writeCapabilities(payload, onTls ? capabilities.with(CLIENT_SSL) : capabilities);
  }

  /**
   * The SSLRequest that precedes this login: its head, with {@link #capabilities} and CLIENT_SSL.
   *
   * @return a new buffer; the payload is left alone
   */
  public ByteBuf sslRequest(ByteBuf payload, ByteBufAllocator allocator) {
    int length =
        capabilities.has(CLIENT_PROTOCOL_41) ? SslRequest.LENGTH_41 : SslRequest.LENGTH_320;
    ByteBuf request = allocator.buffer(length);
    request.writeBytes(payload, payload.readerIndex(), length);
    writeCapabilities(request, capabilities.with(CLIENT_SSL));
    return request;
  }

  /** What that request asks for. */
  public SslRequest sslRequest() {
    return new SslRequest(capabilities.with(CLIENT_SSL), characterSet);
  }

  private static void writeCapabilities(ByteBuf payload, Capabilities capabilities) {
    int start = payload.readerIndex();
    if (!capabilities.has(CLIENT_PROTOCOL_41)) {
      payload.setShortLE(start, capabilities.mysqlBits());
      return;
    }
    payload.setIntLE(start, capabilities.mysqlBits());
    if (!capabilities.has(CLIENT_MYSQL)) {
      payload.setIntLE(start + SslRequest.LENGTH_41 - 4, capabilities.mariadbBits());
    }
  }

  /** The authentication response's bytes within this login's payload, without their framing. */
  public ByteBuf authResponse(ByteBuf payload) {
    boolean hasLength = authResponseHasLength(capabilities);
    int start = hasLength ? authResponseEnd - authResponseLength : authResponseOffset;
    return payload.slice(payload.readerIndex() + start, authResponseLength);
  }

  /**
   * How long another authentication response could be, in bytes. One that ends with a NUL must not
   * hold any, which only a single byte is sure not to.
   */
  public int longestAuthResponse() {
    if (!authResponseHasLength(capabilities)) {
      return 1;
    }
    return capabilities.has(CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA) ? 0xFFFF : 0xFF;
  }

  /**
   * This login's payload with another authentication response, of at most {@link
   * #longestAuthResponse} bytes.
   *
   * @return a new buffer; the payload is left alone
   */
  public ByteBuf withAuthResponse(ByteBuf payload, byte[] response, ByteBufAllocator allocator) {
    if (response.length > longestAuthResponse()) {
      throw new IllegalArgumentException("no room for " + response.length + " bytes");
    }
    int start = payload.readerIndex();
    int rest = payload.readableBytes() - authResponseEnd;
    ByteBuf login = allocator.buffer(authResponseOffset + 3 + response.length + rest);
    login.writeBytes(payload, start, authResponseOffset);
    if (!authResponseHasLength(capabilities)) {
      login.writeBytes(response).writeByte(0);
    } else if (capabilities.has(CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA)) {
      LengthEncoded.write(login, response.length).writeBytes(response);
    } else {
      login.writeByte(response.length).writeBytes(response);
    }
    return login.writeBytes(payload, start + authResponseEnd, rest);
  }

  /**
   * This login's payload with these connection attributes around its own.
   *
   * @return a new buffer, for a server that is told CLIENT_CONNECT_ATTRS; the payload is left alone
   */
  public ByteBuf withAttributes(
      ByteBuf payload, ConnectionAttributes attributes, ByteBufAllocator allocator)
      throws MalformedPacketException {
    Payload in = new Payload(payload, "HandshakeResponse");
    in.skip(authResponseEnd, "head");
    boolean unended =
        !authResponseHasLength(capabilities)
            && authResponseOffset + authResponseLength == authResponseEnd;
    ByteBuf names = Unpooled.buffer();
    names.writeZero(unended ? 1 : 0);
    if (capabilities.has(CLIENT_CONNECT_WITH_DB)) {
      names.writeBytes(in.nulOrEnd()).writeByte(0);
    }
    if (capabilities.has(CLIENT_PLUGIN_AUTH)) {
      names.writeBytes(in.nulOrEnd()).writeByte(0);
    }
    ByteBuf block = attributes.around(in, capabilities.has(CLIENT_CONNECT_ATTRS), characterSet);
    int length = authResponseEnd + names.readableBytes() + block.readableBytes() + in.remaining();
    return allocator
        .buffer(length)
        .writeBytes(payload, payload.readerIndex(), authResponseEnd)
        .writeBytes(names)
        .writeBytes(block)
        .writeBytes(payload, payload.readerIndex() + in.offset(), in.remaining());
  }

  /** Whether the server would say "using password: YES". */
  public boolean usesPassword() {
    return authResponseLength > 0;
  }

  /**
   * The name without one surrounding pair of single quotes, which servers strip too. One that is so
   * long that a server may have cut off the second quote before is refused.
   */
  private static String unquoted(Payload in, byte[] name, int characterSet)
      throws MalformedPacketException {
    int length = name.length;
    boolean quoted = length >= 2 && name[0] == '\'' && name[length - 1] == '\'';
    if (!quoted) {
      return in.decoded(name, characterSet);
    }
    String user = in.decoded(Arrays.copyOfRange(name, 1, length - 1), characterSet);
    if (user.getBytes(UTF_8).length > MAX_QUOTED_LENGTH) {
      throw new UnsupportedLoginException(
          "the user name is too long to be sent in quotes; log in without them");
    }
    return user;
  }

  /** Whether a length stands before the authentication response, instead of a NUL behind it. */
  private static boolean authResponseHasLength(Capabilities capabilities) {
    return capabilities.has(CLIENT_PROTOCOL_41)
        && (capabilities.has(CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA)
            || capabilities.has(CLIENT_SECURE_CONNECTION));
  }

  private static int skip(Payload in, long length, String field) throws MalformedPacketException {
    if (length > in.remaining()) {
      throw in.malformed(field, "runs past the end of the packet");
    }
    in.skip((int) length, field);
    return (int) length;
  }

  @Override
  public String toString() {
    return "HandshakeResponse[%s, %s, %d bytes REDACTED, %s]"
        .formatted(userName, authPluginName, authResponseLength, capabilities);
  }
}
