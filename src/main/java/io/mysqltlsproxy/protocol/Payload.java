package io.mysqltlsproxy.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Checked reading of MySQL's data types: every length is held against what the packet has left.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_data_types.html">MySQL:
 *     Protocol Basics, Data Types</a>
 */
final class Payload {
  /** MariaDB's 128 characters of 3 bytes, and one pair of quotes; MySQL's names are shorter. */
  private static final int MAX_USER_NAME_LENGTH = 128 * 3 + 2;

  private final ByteBuf buffer;
  private final String packet;

  /**
   * A reader that starts at the buffer's first byte and leaves its indices alone.
   *
   * @param packet the packet's name, for messages
   */
  Payload(ByteBuf buffer, String packet) {
    this.buffer = buffer.slice();
    this.packet = packet;
  }

  int remaining() {
    return buffer.readableBytes();
  }

  /** Bytes read so far, that is, the offset of what comes next. */
  int offset() {
    return buffer.readerIndex();
  }

  void skip(int length, String field) throws MalformedPacketException {
    need(length, field);
    buffer.skipBytes(length);
  }

  int int1(String field) throws MalformedPacketException {
    need(1, field);
    return buffer.readUnsignedByte();
  }

  int int2(String field) throws MalformedPacketException {
    need(2, field);
    return buffer.readUnsignedShortLE();
  }

  int int3(String field) throws MalformedPacketException {
    need(3, field);
    return buffer.readUnsignedMediumLE();
  }

  long int4(String field) throws MalformedPacketException {
    need(4, field);
    return buffer.readUnsignedIntLE();
  }

  /** A length-encoded integer; null (0xFB) and reserved first bytes are errors. */
  long lengthEncoded(String field) throws MalformedPacketException {
    int first = int1(field);
    switch (first) {
      case 0xFB, 0xFF -> throw malformed(field, "is no length");
      case 0xFC -> {
        return int2(field);
      }
      case 0xFD -> {
        return int3(field);
      }
      case 0xFE -> {
        need(8, field);
        long value = buffer.readLongLE();
        if (value < 0) {
          throw malformed(field, "is too large");
        }
        return value;
      }
      default -> {
        return first;
      }
    }
  }

  byte[] bytes(long length, String field) throws MalformedPacketException {
    need(length, field);
    byte[] bytes = new byte[(int) length];
    buffer.readBytes(bytes);
    return bytes;
  }

  /** A string up to its NUL, which is consumed. */
  byte[] nulTerminated(String field) throws MalformedPacketException {
    int length = buffer.bytesBefore((byte) 0);
    if (length < 0) {
      throw malformed(field, "has no end");
    }
    byte[] bytes = bytes(length, field);
    buffer.skipBytes(1);
    return bytes;
  }

  /** An account's name up to its NUL, of no more bytes than any server's names can have. */
  byte[] userName() throws MalformedPacketException {
    byte[] name = nulTerminated("user name");
    if (name.length > MAX_USER_NAME_LENGTH) {
      throw malformed("user name", "is longer than " + MAX_USER_NAME_LENGTH + " bytes");
    }
    return name;
  }

  /** A name in the character set that the packet says; a name that might be another is refused. */
  String decoded(byte[] name, int collation) throws UnsupportedLoginException {
    return CharacterSets.decode(collation, name)
        .orElseThrow(
            () ->
                new UnsupportedLoginException(
                    collation == CharacterSets.NONE
                        ? packet
                            + " without a character set: the user name can be of letters, digits"
                            + " and underscores only"
                        : packet
                            + ": the user name cannot be read in the client's character set"
                            + " (collation "
                            + collation
                            + "); use utf8mb4 or utf8"));
  }

  /** A string up to its NUL or the end of the packet: some peers leave the last NUL out. */
  byte[] nulOrEnd() {
    int length = buffer.bytesBefore((byte) 0);
    byte[] bytes = new byte[length < 0 ? remaining() : length];
    buffer.readBytes(bytes);
    if (length >= 0) {
      buffer.skipBytes(1);
    }
    return bytes;
  }

  /** Passes over a string up to its NUL or the end of the packet; its length, in bytes. */
  int skipNulOrEnd() {
    int nul = buffer.bytesBefore((byte) 0);
    int length = nul < 0 ? remaining() : nul;
    buffer.skipBytes(nul < 0 ? length : length + 1);
    return length;
  }

  /** {@link #nulOrEnd} as text, for names that are ASCII. */
  String nameOrEnd() {
    return new String(nulOrEnd(), StandardCharsets.UTF_8);
  }

  MalformedPacketException malformed(String field, String problem) {
    return new MalformedPacketException(packet + ": " + field + " " + problem);
  }

  private void need(long length, String field) throws MalformedPacketException {
    if (length > buffer.readableBytes()) {
      throw malformed(field, "runs past the end of the packet");
    }
  }
}
