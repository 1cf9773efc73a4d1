package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_COMPRESS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_CONNECT_ATTRS;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_MYSQL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_PROTOCOL_41;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SECURE_CONNECTION;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SESSION_TRACK;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SSL;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SSL_VERIFY_SERVER_CERT;
import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_ZSTD_COMPRESSION_ALGORITHM;
import static io.mysqltlsproxy.protocol.Capabilities.MARIADB_CLIENT_COM_MULTI;
import static io.mysqltlsproxy.protocol.Capabilities.MULTI_FACTOR_AUTHENTICATION;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The server's greeting.
 *
 * <p>Layout: 1 byte 10; version NUL; connection id 4; scramble 8; 1 byte 0; capabilities low 2; and
 * from 4.1 on: character set 1; status 2; capabilities high 2; length of the scramble 1; reserved
 * 10, of which MariaDB uses the last 4 for its extended capabilities; rest of the scramble; plugin
 * name NUL. Servers from 5.5.7 to 5.5.9 leave out that last NUL, which some clients insist on.
 *
 * @param serverVersion as the server says it
 * @param connectionId what KILL takes
 * @param capabilities what the server offers
 * @param scramble the 8 or 20 bytes that passwords are hashed with
 * @param authPluginName the plugin that the scramble is for; {@code mysql_native_password}, or
 *     {@code mysql_old_password} before 4.1, where the server names none
 * @param defaultCollation the lowest byte of the id of the server's default; 0 where it says none
 * @param lowOffset offset of the low capabilities in the payload, in bytes
 * @param missingEnd what the layout has after the server's last byte, and the server left out
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html">MySQL:
 *     Protocol::HandshakeV10</a>
 */
public record HandshakeV10(
    String serverVersion,
    long connectionId,
    Capabilities capabilities,
    byte[] scramble,
    String authPluginName,
    int defaultCollation,
    int lowOffset,
    byte[] missingEnd) {

  private static final long ENDS_AT_THE_PROXY =
      CLIENT_SSL
          | CLIENT_SSL_VERIFY_SERVER_CERT
          | CLIENT_COMPRESS
          | CLIENT_ZSTD_COMPRESSION_ALGORITHM
          | MARIADB_CLIENT_COM_MULTI;

  /** Flags by which packets of the login, or its OK, are read. */
  private static final long FRAMING =
      CLIENT_PLUGIN_AUTH
          | CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA
          | CLIENT_CONNECT_ATTRS
          | CLIENT_SESSION_TRACK
          | MULTI_FACTOR_AUTHENTICATION;

  private static final int PROTOCOL_VERSION = 10;
  private static final int MAX_VERSION_LENGTH = 255;

  /** From the low capabilities: 2 + character set 1 + status 2. */
  private static final int HIGH_AFTER_LOW = 5;

  /** From the low capabilities: the above + high 2 + length 1 + the first 6 reserved bytes. */
  private static final int EXTENDED_AFTER_LOW = 14;

  private static final int SCRAMBLE_LENGTH = 20;

  /** Decodes a payload without moving its indices. */
  public static HandshakeV10 decode(ByteBuf payload) throws MalformedPacketException {
    Payload in = new Payload(payload, "HandshakeV10");
    int protocol = in.int1("protocol version");
    if (protocol != PROTOCOL_VERSION) {
      throw in.malformed("protocol version", "is " + protocol + ", and only 10 has TLS");
    }
    byte[] version = in.nulTerminated("server version");
    if (version.length > MAX_VERSION_LENGTH) {
      throw in.malformed("server version", "is longer than " + MAX_VERSION_LENGTH + " bytes");
    }
    long connectionId = in.int4("connection id");
    byte[] scramble = in.bytes(8, "scramble");
    in.skip(1, "filler");
    int lowOffset = in.offset();
    long bits = in.int2("capabilities");
    String plugin = "mysql_old_password";
    int collation = 0;
    String missingEnd = "";
    if (in.remaining() > 0) {
      collation = in.int1("character set");
      in.skip(HIGH_AFTER_LOW - 3, "status");
      bits |= (long) in.int2("upper capabilities") << 16;
      int length = in.int1("length of the scramble");
      in.skip(6, "reserved");
      long extended = in.int4("reserved");
      if ((bits & CLIENT_MYSQL) == 0) {
        bits |= extended << 32;
      }
      if ((bits & CLIENT_SECURE_CONNECTION) != 0) {
        plugin = "mysql_native_password";
      }
      int tail = Math.min(in.remaining(), Math.max(13, length - 8));
      byte[] rest = in.bytes(tail, "scramble");
      scramble = join(scramble, rest);
      if ((bits & CLIENT_SECURE_CONNECTION) != 0 && tail == SCRAMBLE_LENGTH - 8) {
        missingEnd += "\0";
      }
      if ((bits & CLIENT_PLUGIN_AUTH) != 0) {
        boolean named = in.remaining() > 0;
        boolean ended = named && payload.getByte(payload.writerIndex() - 1) == 0;
        plugin = named ? in.nameOrEnd() : plugin;
        missingEnd += (named ? "" : plugin) + (ended ? "" : "\0");
      }
    }
    return new HandshakeV10(
        new String(version, StandardCharsets.UTF_8),
        connectionId,
        new Capabilities(bits),
        scramble,
        plugin,
        collation,
        lowOffset,
        missingEnd.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The greeting for the client: this one with TLS offered or not, with what the server left out at
   * its end, and with another version where one is configured.
   *
   * @param payload this greeting's own, which is changed
   * @param withTls whether TLS is offered
   * @return a buffer of its own, or the payload, retained
   */
  public ByteBuf forClient(
      ByteBuf payload, boolean withTls, Optional<String> version, ByteBufAllocator allocator) {
    offerTls(payload, withTls);
    if (version.isPresent()) {
      return withServerVersion(payload, version.get(), allocator).writeBytes(missingEnd);
    }
    if (missingEnd.length == 0) {
      return payload.retain();
    }
    ByteBuf whole = allocator.buffer(payload.readableBytes() + missingEnd.length);
    return whole
        .writeBytes(payload, payload.readerIndex(), payload.readableBytes())
        .writeBytes(missingEnd);
  }

  /**
   * Rewrites this greeting's own payload, in place, into the one for the client: the same but for
   * TLS, which is offered or not, and compression and COM_MULTI, which are not.
   */
  void offerTls(ByteBuf payload, boolean withTls) {
    Capabilities offered = offered(withTls);
    int low = payload.readerIndex() + lowOffset;
    payload.setShortLE(low, offered.mysqlBits());
    if (lowOffset + 2 == payload.readableBytes()) {
      return;
    }
    payload.setShortLE(low + HIGH_AFTER_LOW, offered.mysqlBits() >>> 16);
    if (isMariaDb()) {
      payload.setIntLE(low + EXTENDED_AFTER_LOW, offered.mariadbBits());
    }
  }

  /**
   * This greeting's payload with another version in place of the server's.
   *
   * @return a new buffer
   */
  ByteBuf withServerVersion(ByteBuf payload, String version, ByteBufAllocator allocator) {
    int start = payload.readerIndex();
    int end = payload.indexOf(start + 1, payload.writerIndex(), (byte) 0);
    ByteBuf rebuilt = allocator.buffer(payload.readableBytes() + version.length());
    rebuilt.writeByte(PROTOCOL_VERSION).writeCharSequence(version, StandardCharsets.US_ASCII);
    return rebuilt.writeBytes(payload, end, payload.writerIndex() - end);
  }

  /** Whether the server offers TLS. */
  public boolean offersTls() {
    return capabilities.has(CLIENT_SSL);
  }

  /**
   * What the client is offered: {@link #capabilities} without what hides commands.
   *
   * @param withTls whether TLS is among it, whatever the server says
   */
  public Capabilities offered(boolean withTls) {
    long tls = CLIENT_SSL | CLIENT_SSL_VERIFY_SERVER_CERT;
    Capabilities offered =
        (withTls ? capabilities.with(tls) : capabilities.without(tls))
            .without(CLIENT_COMPRESS | MARIADB_CLIENT_COM_MULTI);
    return isMariaDb() ? offered : offered.without(CLIENT_ZSTD_COMPRESSION_ALGORITHM);
  }

  /**
   * Refuses a client that sets a flag of compression although it was not offered: it may compress
   * all that it sends after the login, as PHP's does, and wait for ever for an answer to that.
   *
   * @param wished the flags of its SSLRequest, or of its HandshakeResponse: some set them in one
   *     only
   */
  public void checkCompression(Capabilities wished) throws UnsupportedLoginException {
    long compression = CLIENT_COMPRESS | CLIENT_ZSTD_COMPRESSION_ALGORITHM;
    if ((wished.bits() & compression & ~offered(true).bits()) != 0) {
      throw new UnsupportedLoginException(
          "the client asks for compression, which was not offered; turn it off in the client"
              + " (MYSQLI_CLIENT_COMPRESS, PDO::MYSQL_ATTR_COMPRESS, --compress or the like)");
    }
  }

  /**
   * What of a client's wishes goes on to the server: not TLS, which ends at the proxy, not what
   * would hide commands from it, and no way of framing that the server does not offer and would
   * therefore read differently, or cannot read.
   */
  public Capabilities agreed(Capabilities wished) {
    long unread = takesAttributes(wished) ? 0 : CLIENT_CONNECT_ATTRS;
    return wished.without(ENDS_AT_THE_PROXY | (FRAMING & ~capabilities.bits()) | unread);
  }

  /**
   * Whether the server takes connection attributes of a client with these capabilities. MySQL 5.6
   * refuses the login of one that knows no plugins, and MariaDB 10.2 that of one whose
   * authentication response ends with a NUL (both measured).
   */
  public boolean takesAttributes(Capabilities client) {
    return capabilities.has(CLIENT_CONNECT_ATTRS)
        && client.has(CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION)
        && (client.has(CLIENT_PLUGIN_AUTH) || version().isMariaDb());
  }

  /**
   * All names as which this server may read a user name, that in the client's character set first.
   *
   * @param name as the packet's decoder has read it
   * @param collation the one that it was read in
   * @throws UnsupportedLoginException where the server could read yet another: it cuts off names of
   *     more than 16 characters before 5.7.8 and 32 from there on, MariaDB of more than 128, or has
   *     another character set
   * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/user-names.html">MySQL: Account User
   *     Names and Passwords</a>
   */
  public Set<String> readings(String name, int collation) throws UnsupportedLoginException {
    ServerVersion version = version();
    int maxLength = version.maxUserNameLength();
    if (name.codePointCount(0, name.length()) > maxLength) {
      throw new UnsupportedLoginException(
          "the user name has more than the " + maxLength + " characters that the server takes");
    }
    return new ServerCharacterSets(serverVersion, version.isMariaDb(), defaultCollation)
        .readings(name, collation).stream()
            .map(
                reading ->
                    reading.length() <= maxLength ? reading : reading.substring(0, maxLength))
            .collect(Collectors.toSet());
  }

  /** What its version says of the server. */
  public ServerVersion version() {
    return new ServerVersion(serverVersion, isMariaDb() || serverVersion.contains("MariaDB"));
  }

  /** Whether the greeting carries MariaDB's extended capabilities. */
  public boolean isMariaDb() {
    return !capabilities.has(CLIENT_MYSQL);
  }

  private static byte[] join(byte[] head, byte[] tail) {
    int length = Math.min(SCRAMBLE_LENGTH, head.length + tail.length);
    byte[] whole = Arrays.copyOf(head, length);
    System.arraycopy(tail, 0, whole, head.length, length - head.length);
    return whole;
  }

  @Override
  public String toString() {
    return "HandshakeV10[%s, connection %d, %s, %s]"
        .formatted(serverVersion, connectionId, authPluginName, capabilities);
  }
}
