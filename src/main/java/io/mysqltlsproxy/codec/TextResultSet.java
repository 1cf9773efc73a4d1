package io.mysqltlsproxy.codec;

import io.mysqltlsproxy.protocol.ColumnDefinition41;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole answer to a query, where it is one text result set: the number of columns; their
 * definitions, unless the client has switched them off; an EOF packet, but not with
 * CLIENT_DEPRECATE_EOF; the rows; an end marker. Rows can be exchanged while all else stays the
 * server's own.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html">MySQL:
 *     Text Resultset</a>
 */
public final class TextResultSet {
  private static final int EOF = 0xFE;
  private static final int ERR = 0xFF;
  private static final int MAX_COLUMNS = 16;
  private static final int SERVER_MORE_RESULTS_EXISTS = 8;

  private final List<ColumnDefinition41> columns = new ArrayList<>();
  private final List<byte[]> rows = new ArrayList<>();
  private final ByteBuf data;
  private final int start;
  private int at;
  private int headEnd;
  private int packets;
  private int width;
  private int firstRowId;
  private byte[] endMarker = {};

  private TextResultSet(ByteBuf data) {
    this.data = data;
    this.start = data.readerIndex();
    this.at = start;
  }

  /**
   * Reads it without moving the indices of the data, which must live as long as the result.
   *
   * @param deprecateEof whether both sides have CLIENT_DEPRECATE_EOF
   * @return nothing where the answer has not come to its end
   * @throws MalformedPacketException for every other kind of answer: an error, several results
   */
  public static Optional<TextResultSet> read(ByteBuf data, boolean deprecateEof)
      throws MalformedPacketException {
    TextResultSet read = new TextResultSet(data);
    return read.head(deprecateEof) && read.rest(deprecateEof)
        ? Optional.of(read)
        : Optional.empty();
  }

  private boolean head(boolean deprecateEof) throws MalformedPacketException {
    byte @Nullable [] count = next();
    if (count == null) {
      return false;
    }
    // With CLIENT_OPTIONAL_RESULTSET_METADATA a second byte says whether definitions follow.
    boolean known = count.length == 1 || (count.length == 2 && count[1] <= 1 && count[1] >= 0);
    if (!known || count[0] < 1 || count[0] > MAX_COLUMNS) {
      throw new MalformedPacketException("no result set with few columns");
    }
    width = count[0];
    int definitions = count.length == 2 && count[1] == 0 ? 0 : width;
    for (int i = 0; i < definitions; i++) {
      int payload = at + PacketHeader.LENGTH;
      if (next() == null) {
        return false;
      }
      columns.add(ColumnDefinition41.decode(data.slice(payload, at - payload)));
    }
    if (!deprecateEof) {
      byte @Nullable [] eof = next();
      if (eof == null) {
        return false;
      }
      if (first(eof) != EOF) {
        throw new MalformedPacketException("no EOF behind the definitions of columns");
      }
    }
    headEnd = at;
    firstRowId = data.getUnsignedByte(start + 3) + packets;
    return true;
  }

  private boolean rest(boolean deprecateEof) throws MalformedPacketException {
    for (byte @Nullable [] packet = next(); packet != null; packet = next()) {
      if (first(packet) == ERR) {
        throw new MalformedPacketException("an error among the rows");
      }
      if (first(packet) != EOF) {
        rows.add(packet);
        continue;
      }
      // EOF: warnings 2, status 2. OK with that header: no rows affected, no id, status 2.
      int status = 3;
      if (packet.length < status + 2 || (deprecateEof && (packet[1] != 0 || packet[2] != 0))) {
        throw new MalformedPacketException("no end marker");
      }
      if ((packet[status] & SERVER_MORE_RESULTS_EXISTS) != 0) {
        throw new MalformedPacketException("more than one result");
      }
      endMarker = packet;
      return true;
    }
    return false;
  }

  private byte @Nullable [] next() throws MalformedPacketException {
    int there = data.writerIndex() - at;
    if (there < PacketHeader.LENGTH) {
      return null;
    }
    int length = data.getUnsignedMediumLE(at);
    if (length == 0 || length == PacketHeader.MAX_PAYLOAD) {
      throw new MalformedPacketException("a packet of " + length + " bytes");
    }
    if (there < PacketHeader.LENGTH + length) {
      return null;
    }
    byte[] payload = ByteBufUtil.getBytes(data, at + PacketHeader.LENGTH, length);
    at += PacketHeader.LENGTH + length;
    packets++;
    return payload;
  }

  private static int first(byte[] packet) {
    return packet[0] & 0xFF;
  }

  /** The number of columns. */
  public int width() {
    return width;
  }

  /** The definitions of all columns, or none if the server leaves them out. */
  public List<ColumnDefinition41> columns() {
    return List.copyOf(columns);
  }

  /** The payloads of the rows. */
  public List<byte[]> rows() {
    return List.copyOf(rows);
  }

  /** Of the answer with its headers, in bytes. */
  public int length() {
    return at - start;
  }

  /** The same answer with other rows, as packets in a new buffer. */
  public ByteBuf withRows(List<byte[]> others, ByteBufAllocator allocator) {
    ByteBuf answer = allocator.buffer(length());
    answer.writeBytes(data, start, headEnd - start);
    int id = firstRowId;
    for (byte[] row : others) {
      packet(answer, row, id++);
    }
    packet(answer, endMarker, id);
    return answer;
  }

  private static void packet(ByteBuf out, byte[] payload, int id) {
    out.writeMediumLE(payload.length).writeByte(id & 0xFF).writeBytes(payload);
  }
}
