package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_ATTRS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SECURE_CONNECTION;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * COM_CHANGE_USER: 1 byte 0x11; user name NUL; authentication response (length 1); database NUL;
 * and optionally character set 2, plugin name NUL, connection attributes.
 *
 * @param userName as the server reads it; here it strips no quotes
 * @param characterSet the collation that the name was read in; -1 where the packet has none
 * @param authResponseOffset where the authentication response's length stands, in bytes
 * @param authResponseLength in bytes
 * @param authPluginName what the response is made for; empty where the client names none
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_change_user.html">MySQL:
 *     COM_CHANGE_USER</a>
 */
public record ComChangeUser(
    String userName,
    int characterSet,
    int authResponseOffset,
    int authResponseLength,
    String authPluginName) {

  /**
   * The ids of MySQL 5's collations are no larger, which a length-encoded integer has as a byte.
   */
  private static final int MAX_COLLATION_OF_5 = 250;

  /**
   * Decodes a payload, header byte included, strictly: a malformed one ends a MySQL 5.5.9 server.
   *
   * @throws MalformedPacketException also for every other command
   */
  public static ComChangeUser decode(ByteBuf payload, Capabilities capabilities)
      throws MalformedPacketException {
    Payload in = new Payload(payload, "COM_CHANGE_USER");
    if (in.int1("header") != Command.COM_CHANGE_USER) {
      throw in.malformed("header", "is another command's");
    }
    byte[] user = in.userName();
    int characterSet = CharacterSets.NONE;
    int offset = in.offset();
    if (!capabilities.has(CLIENT_SECURE_CONNECTION)) {
      throw in.malformed("authentication response", "has no length, as before MySQL 4.1");
    }
    int length = in.int1("authentication response");
    in.skip(length, "authentication response");
    in.nulTerminated("database");
    String plugin = "";
    if (in.remaining() > 0) {
      characterSet = in.int2("character set");
      if (in.remaining() > 0 && capabilities.has(CLIENT_PLUGIN_AUTH)) {
        plugin = new String(in.nulTerminated("plugin name"), StandardCharsets.UTF_8);
      }
    }
    return new ComChangeUser(in.decoded(user, characterSet), characterSet, offset, length, plugin);
  }

  /**
   * This packet's payload with an empty authentication response, which makes the server ask for one
   * by an AuthSwitchRequest.
   *
   * @return a new buffer; the payload is left alone
   */
  public ByteBuf withoutAuthResponse(ByteBuf payload, ByteBufAllocator allocator) {
    int start = payload.readerIndex();
    int rest = authResponseOffset + 1 + authResponseLength;
    return allocator
        .buffer(payload.readableBytes())
        .writeBytes(payload, start, authResponseOffset)
        .writeByte(0)
        .writeBytes(payload, start + rest, payload.readableBytes() - rest);
  }

  /**
   * This packet's payload with these connection attributes around its own, for a server that was
   * told CLIENT_CONNECT_ATTRS at the login and demands them now.
   *
   * <p>MySQL 5.6 reads them from the character set on, where the first byte is their length and the
   * next that of a name (measured on 5.6.24; later versions were mended). So there the character
   * set is one whose second byte is 0, which ends its reading: it takes an id that it does not know
   * for its own default. And the packet is long enough for the length that it reads.
   *
   * @param capabilities those of the client
   * @return a new buffer; the payload is left alone
   */
  public ByteBuf withAttributes(
      ByteBuf payload,
      Capabilities capabilities,
      HandshakeV10 greeting,
      ConnectionAttributes attributes,
      ByteBufAllocator allocator)
      throws MalformedPacketException {
    Payload in = new Payload(payload, "COM_CHANGE_USER");
    in.skip(authResponseOffset + 1 + authResponseLength, "head");
    in.nulTerminated("database");
    int head = in.offset();
    boolean misread = greeting.version().misreadsAttributes();
    int collation = in.remaining() > 0 ? in.int2("character set") : greeting.defaultCollation();
    if (misread && collation > MAX_COLLATION_OF_5) {
      collation = greeting.defaultCollation();
    }
    ByteBuf tail = Unpooled.buffer().writeShortLE(collation);
    if (capabilities.has(CLIENT_PLUGIN_AUTH)) {
      if (in.remaining() == 0) {
        return payload.copy(); // Every server refuses that, with or without attributes.
      }
      tail.writeBytes(in.nulTerminated("plugin name")).writeByte(0);
    }
    tail.writeBytes(attributes.around(in, capabilities.has(CLIENT_CONNECT_ATTRS), collation));
    tail.writeBytes(payload.slice(payload.readerIndex() + in.offset(), in.remaining()));
    if (misread) {
      tail.writeZero(Math.max(0, MAX_COLLATION_OF_5 + 1 - tail.readableBytes()));
    }
    return allocator
        .buffer(head + tail.readableBytes())
        .writeBytes(payload, payload.readerIndex(), head)
        .writeBytes(tail);
  }

  /** The authentication response's bytes within this command's payload, without their length. */
  public ByteBuf authResponse(ByteBuf payload) {
    return payload.slice(payload.readerIndex() + authResponseOffset + 1, authResponseLength);
  }

  /** Whether the server would say "using password: YES". */
  public boolean usesPassword() {
    return authResponseLength > 0;
  }

  @Override
  public String toString() {
    return "ComChangeUser[%s, %d bytes REDACTED, %s]"
        .formatted(userName, authResponseLength, authPluginName);
  }
}
