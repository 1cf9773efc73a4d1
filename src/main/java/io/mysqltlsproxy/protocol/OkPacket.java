package io.mysqltlsproxy.protocol;

import static io.mysqltlsproxy.protocol.Capabilities.CLIENT_SESSION_TRACK;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * OK_Packet with session state: 1 byte 0x00; affected rows and last insert id, length-encoded;
 * status 2; warnings 2; info, length-encoded string; and where the status says so, session state
 * changes, a length-encoded string of entries (type 1, length-encoded data).
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html">MySQL:
 *     OK_Packet</a>
 */
public final class OkPacket {
  public static final int HEADER = 0x00;

  /** Whether the payload is one, by its first byte; its indices stay as they are. */
  public static boolean isAt(ByteBuf payload) {
    return payload.isReadable() && payload.getUnsignedByte(payload.readerIndex()) == HEADER;
  }

  private static final int SERVER_SESSION_STATE_CHANGED = 1 << 14;
  private static final int SESSION_TRACK_SYSTEM_VARIABLES = 0;
  private static final byte[] REDIRECT_URL = "redirect_url".getBytes(StandardCharsets.US_ASCII);

  private OkPacket() {}

  /**
   * The payload without MariaDB's {@code redirect_url}: a client that follows it would go around
   * the proxy, to a port without TLS.
   *
   * @return a new buffer, or the payload itself, retained, where there is nothing to take out
   */
  public static ByteBuf withoutRedirect(
      ByteBuf payload, Capabilities capabilities, ByteBufAllocator allocator)
      throws MalformedPacketException {
    if (!capabilities.has(CLIENT_SESSION_TRACK)) {
      return payload.retain();
    }
    Payload in = new Payload(payload, "OK_Packet");
    int status = skipToInfo(in);
    if ((status & SERVER_SESSION_STATE_CHANGED) == 0 || in.remaining() == 0) {
      return payload.retain();
    }
    in.bytes(in.lengthEncoded("info"), "info");
    int head = in.offset();
    long length = in.lengthEncoded("session state");
    if (length != in.remaining()) {
      throw in.malformed("session state", "does not end with the packet");
    }
    ByteBuf kept = allocator.buffer(payload.readableBytes());
    try {
      int base = payload.readerIndex();
      while (in.remaining() > 0) {
        int start = in.offset();
        int type = in.int1("session state type");
        byte[] entry = in.bytes(in.lengthEncoded("session state entry"), "session state entry");
        if (type != SESSION_TRACK_SYSTEM_VARIABLES || !names(entry, REDIRECT_URL)) {
          kept.writeBytes(payload, base + start, in.offset() - start);
        }
      }
      if (kept.readableBytes() == length) {
        return payload.retain();
      }
      ByteBuf rebuilt = allocator.buffer(payload.readableBytes() + 3);
      rebuilt.writeBytes(payload, base, head);
      LengthEncoded.write(rebuilt, kept.readableBytes());
      return rebuilt.writeBytes(kept);
    } finally {
      kept.release();
    }
  }

  /**
   * The payload with a proof of the certificate as its info, where it has none, or that of a
   * MariaDB server, which from 11.4 on makes one without TLS, too.
   *
   * @param proof the byte 1 and hexadecimal digits, less than 251 bytes in all
   * @return a new buffer, or the payload itself, retained, where it has an info of its own
   */
  public static ByteBuf withProof(ByteBuf payload, byte[] proof, ByteBufAllocator allocator)
      throws MalformedPacketException {
    Payload in = new Payload(payload, "OK_Packet");
    skipToInfo(in);
    int head = in.offset();
    if (in.remaining() > 0) {
      byte[] own = in.bytes(in.lengthEncoded("info"), "info");
      if (own.length > 0 && (own.length != proof.length || own[0] != proof[0])) {
        return payload.retain();
      }
    }
    ByteBuf rebuilt = allocator.buffer(payload.readableBytes() + proof.length + 1);
    rebuilt.writeBytes(payload, payload.readerIndex(), head);
    LengthEncoded.write(rebuilt, proof.length).writeBytes(proof);
    return rebuilt.writeBytes(payload, payload.readerIndex() + in.offset(), in.remaining());
  }

  /** Passes over what comes before the info; the status. */
  private static int skipToInfo(Payload in) throws MalformedPacketException {
    in.skip(1, "header");
    in.lengthEncoded("affected rows");
    in.lengthEncoded("last insert id");
    int status = in.int2("status");
    in.skip(2, "warnings");
    return status;
  }

  /** Whether an entry (length-encoded name, length-encoded value) is the named variable's. */
  private static boolean names(byte[] entry, byte[] name) {
    if (entry.length <= name.length || entry[0] != name.length) {
      return false;
    }
    return Arrays.equals(entry, 1, 1 + name.length, name, 0, name.length);
  }
}
