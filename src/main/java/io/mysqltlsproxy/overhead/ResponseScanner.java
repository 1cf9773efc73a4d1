package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.codec.PacketHeader;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Finds the end of the answer to a COM_QUERY without keeping it: OK, ERR, or column definitions,
 * EOF, rows, EOF. For a connection without CLIENT_DEPRECATE_EOF and CLIENT_MULTI_RESULTS.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html">MySQL:
 *     Text Resultset</a>
 */
final class ResponseScanner {
  private static final int MAX_EOF_LENGTH = 8;

  /** As much of a packet as is kept: an ERR packet's message has at most 512 bytes. */
  private static final int KEPT = 600;

  private enum Part {
    FIRST,
    DEFINITIONS,
    ROWS
  }

  private final byte[] header = new byte[PacketHeader.LENGTH];
  private final byte[] kept = new byte[KEPT];
  private Part part = Part.FIRST;
  private int headerRead;
  private int length;
  private int read;
  private boolean continues;
  private String error = "";

  /** Reads all bytes; true where they end the answer. */
  boolean endsWith(ByteBuf in) {
    boolean ended = false;
    while (in.isReadable()) {
      if (headerRead < PacketHeader.LENGTH) {
        header[headerRead++] = in.readByte();
        if (headerRead < PacketHeader.LENGTH) {
          continue;
        }
        length = (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
        read = 0;
      }
      int now = Math.min(length - read, in.readableBytes());
      int keep = Math.min(now, KEPT - read);
      if (keep > 0) {
        in.getBytes(in.readerIndex(), kept, read, keep);
      }
      in.skipBytes(now);
      read += now;
      if (read == length) {
        ended = packetEnds();
        headerRead = 0;
      }
    }
    return ended;
  }

  /** What the last answer was, where it was an error; else empty. */
  String error() {
    return error;
  }

  private boolean packetEnds() {
    boolean isRest = continues;
    continues = length == PacketHeader.MAX_PAYLOAD;
    if (isRest || length == 0) {
      return false;
    }
    int first = kept[0] & 0xFF;
    if (first == 0xFF && part != Part.DEFINITIONS) {
      int text = length > 9 && kept[3] == '#' ? 9 : 3;
      int end = Math.min(length, KEPT);
      error = new String(kept, text, Math.max(0, end - text), StandardCharsets.UTF_8);
      return ends();
    }
    boolean isEof = first == 0xFE && length <= MAX_EOF_LENGTH;
    switch (part) {
      case FIRST -> {
        error = "";
        if (first == 0) {
          return ends();
        }
        if (first == 0xFB) {
          error = "the server asks for a file, which is not sent";
          return ends();
        }
        part = Part.DEFINITIONS;
      }
      case DEFINITIONS -> part = isEof ? Part.ROWS : Part.DEFINITIONS;
      case ROWS -> {
        if (isEof) {
          return ends();
        }
      }
    }
    return false;
  }

  private boolean ends() {
    part = Part.FIRST;
    return true;
  }
}
