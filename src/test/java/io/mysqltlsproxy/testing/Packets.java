package io.mysqltlsproxy.testing;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Packet payloads for tests. */
public final class Packets {

  private Packets() {}

  /**
   * A payload of parts, one behind the other: a number is one byte, a text is Latin-1, bytes are
   * themselves.
   */
  public static ByteBuf of(Object... parts) {
    ByteBuf payload = Unpooled.buffer();
    for (Object part : parts) {
      if (part instanceof Integer number) {
        payload.writeByte(number);
      } else if (part instanceof byte[] bytes) {
        payload.writeBytes(bytes);
      } else {
        payload.writeCharSequence((String) part, StandardCharsets.ISO_8859_1);
      }
    }
    return payload;
  }

  /** The bytes of hexadecimal digits, with white space as one likes. */
  public static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
  }

  /** A payload that was recorded from a real server, from a file of the test resources. */
  public static ByteBuf recorded(String file) {
    try (InputStream in = Packets.class.getResourceAsStream("/" + file)) {
      byte[] text = requireNonNull(in, file).readAllBytes();
      return of(hex(new String(text, StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The readable bytes, which stay readable, as hexadecimal digits. */
  public static String dump(ByteBuf payload) {
    return ByteBufUtil.hexDump(payload);
  }

  /** The first bytes of a payload. */
  public static ByteBuf cut(ByteBuf payload, int length) {
    return Unpooled.copiedBuffer(payload.slice(payload.readerIndex(), length));
  }

  /** The head of a HandshakeResponse41, or a whole SSLRequest, for these capabilities. */
  public static byte[] head41(long capabilities) {
    ByteBuf head = Unpooled.buffer();
    head.writeIntLE((int) capabilities).writeIntLE(1 << 24).writeByte(45).writeZero(19);
    head.writeIntLE((int) (capabilities >>> 32));
    return ByteBufUtil.getBytes(head);
  }

  /** The head of a HandshakeResponse320 for these capabilities. */
  public static byte[] head320(long capabilities) {
    return ByteBufUtil.getBytes(
        Unpooled.buffer().writeShortLE((int) capabilities).writeMediumLE(0xFFFFFF));
  }
}
