package io.mysqltlsproxy.codec;

import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.OkPacket;
import io.mysqltlsproxy.protocol.ServerStatus;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The response to one command, packet by packet, and what it says of the session. It is used again
 * for the next one.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response.html">MySQL:
 *     COM_QUERY Response</a>
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_prepare.html">MySQL:
 *     COM_STMT_PREPARE Response</a>
 * @see <a
 *     href="https://mariadb.com/docs/server/reference/clientserver-protocol/4-server-response-packets/err_packet">MariaDB:
 *     ERR_Packet, progress reports</a>
 */
final class Response {
  /** What a packet means to the response. */
  enum Step {
    CONTINUES,
    ENDS,
    /** The client is to send a file. */
    WANTS_FILE,
    /** The packet fits no response to the command. */
    IS_LOST
  }

  /** Where in the response the next packet is. */
  private enum Part {
    FIRST,
    DEFINITIONS,
    END_OF_DEFINITIONS,
    ROWS
  }

  /** The first byte from which on a packet is no row, and no definition either. */
  static final int END_MARKER = 0xFE;

  private static final int FILE_REQUEST = 0xFB;
  private static final int MAX_EOF_LENGTH = 8;
  private static final int PROGRESS_REPORT = 0xFFFF;

  private final boolean deprecateEof;
  private final boolean protocol41;
  private ResponseKind kind = ResponseKind.NONE;
  private Part part = Part.FIRST;
  private int definitions;
  private int columnsToCome;
  private boolean metadata;
  private int status = ServerStatus.SERVER_STATUS_AUTOCOMMIT;
  private boolean cursorOpen;
  private String error = "";

  Response(Capabilities spoken) {
    deprecateEof = spoken.has(Capabilities.CLIENT_DEPRECATE_EOF);
    protocol41 = spoken.has(Capabilities.CLIENT_PROTOCOL_41);
  }

  /** A new response begins, of which no packet has come. */
  void begin(ResponseKind expected) {
    kind = expected;
    part = expected == ResponseKind.ROWS ? Part.ROWS : Part.FIRST;
  }

  /** Whether a packet is a row where its first byte is below {@link #END_MARKER}. */
  boolean isInRows() {
    return part == Part.ROWS;
  }

  /** Whether a packet must be read beyond its first byte, where that is below the end marker's. */
  boolean isAtFirst() {
    return part == Part.FIRST;
  }

  boolean isInTransaction() {
    return (status & ServerStatus.SERVER_STATUS_IN_TRANS) != 0;
  }

  boolean hasOpenCursor() {
    return cursorOpen;
  }

  /** A command has gone that ends cursors. */
  void cursorCloses() {
    cursorOpen = false;
  }

  /** The message of the last response, where that was an ERR packet; else empty. */
  String error() {
    return error;
  }

  /**
   * The next packet, which continues none.
   *
   * @param in the payload; of a long one as much as there is need of
   * @param length the payload's whole length
   */
  Step packet(ByteBuf in, int length) {
    int first = length == 0 ? -1 : in.getUnsignedByte(0);
    if (first == ErrPacket.HEADER && length < PacketHeader.MAX_PAYLOAD) {
      return error(in);
    }
    return switch (part) {
      case FIRST -> first(in, length, first);
      case DEFINITIONS -> {
        if (length == 0 || length == PacketHeader.MAX_PAYLOAD || first >= END_MARKER) {
          yield Step.IS_LOST;
        }
        yield --definitions == 0 ? definitionsEnd() : Step.CONTINUES;
      }
      case END_OF_DEFINITIONS ->
          first == END_MARKER && length <= MAX_EOF_LENGTH && readStatus(in)
              ? columnsKnown()
              : Step.IS_LOST;
      case ROWS -> {
        if (length == 0 || first == ErrPacket.HEADER) {
          yield Step.IS_LOST;
        }
        yield isEndMarker(first, length) ? resultEnds(in) : Step.CONTINUES;
      }
    };
  }

  private Step first(ByteBuf in, int length, int first) {
    boolean isOk = first == OkPacket.HEADER && length < PacketHeader.MAX_PAYLOAD;
    boolean isEnd = isOk || isEndMarker(first, length);
    error = "";
    return switch (kind) {
      case TEXT -> length > 0 && length < PacketHeader.MAX_PAYLOAD ? Step.ENDS : Step.IS_LOST;
      case SINGLE -> isEnd && readStatus(in) ? Step.ENDS : Step.IS_LOST;
      case PREPARED -> isOk ? prepared(in) : Step.IS_LOST;
      case RESULTS, EXECUTED -> {
        if (isEnd) {
          yield resultEnds(in);
        }
        yield first == FILE_REQUEST && length < PacketHeader.MAX_PAYLOAD
            ? Step.WANTS_FILE
            : resultSet(in, length);
      }
      case NONE, ROWS, UNKNOWN -> Step.IS_LOST;
    };
  }

  /**
   * ERR_Packet: 1 byte 0xFF; code 2; then '#' and SQLSTATE 5, but not before 4.1; the message. A
   * progress report of MariaDB's has a code of its own and a number, 1, instead of the '#'; an
   * error can have that code, too: {@code SIGNAL SET MYSQL_ERRNO = 65535}.
   */
  private Step error(ByteBuf in) {
    boolean hasState = in.writerIndex() > 3 && in.getByte(3) == '#';
    if (in.writerIndex() > 3 && !hasState && in.getUnsignedShortLE(1) == PROGRESS_REPORT) {
      return Step.CONTINUES;
    }
    int text = Math.min(hasState ? 9 : 3, in.writerIndex());
    error = in.toString(text, in.writerIndex() - text, StandardCharsets.UTF_8);
    return Step.ENDS;
  }

  /**
   * COM_STMT_PREPARE_OK: 1 byte 0; statement 4; columns 2; parameters 2; 1 byte 0; warnings 2; with
   * CLIENT_OPTIONAL_RESULTSET_METADATA 1 byte that is 0 where no definitions follow.
   */
  private Step prepared(ByteBuf in) {
    if (in.writerIndex() < 9) {
      return Step.IS_LOST;
    }
    int parameters = in.getUnsignedShortLE(7);
    metadata = in.writerIndex() < 13 || in.getByte(12) != 0;
    columnsToCome = in.getUnsignedShortLE(5);
    return parameters == 0 ? columnsKnown() : define(parameters);
  }

  /**
   * The number of columns, length-encoded; then, where definitions can be left out, 1 byte that is
   * 0 where they are.
   */
  private Step resultSet(ByteBuf in, int length) {
    HeadReader head = new HeadReader(in);
    long columns = head.lengthEncoded();
    if (columns <= 0 || columns > 0xFFFF || length - head.at() > 1) {
      return Step.IS_LOST;
    }
    metadata = head.at() == length || in.getByte(head.at()) != 0;
    columnsToCome = 0;
    return define((int) columns);
  }

  private Step define(int count) {
    definitions = count;
    part = Part.DEFINITIONS;
    return metadata ? Step.CONTINUES : definitionsEnd();
  }

  private Step definitionsEnd() {
    if (deprecateEof) {
      return columnsKnown();
    }
    part = Part.END_OF_DEFINITIONS;
    return Step.CONTINUES;
  }

  /** The definitions of a result's columns, or of a statement's parameters, are through. */
  private Step columnsKnown() {
    if (kind != ResponseKind.PREPARED) {
      if (kind == ResponseKind.EXECUTED
          && !deprecateEof
          && statusHas(ServerStatus.SERVER_STATUS_CURSOR_EXISTS)) {
        return resultEnds();
      }
      part = Part.ROWS;
      return Step.CONTINUES;
    }
    if (columnsToCome == 0) {
      return Step.ENDS;
    }
    int columns = columnsToCome;
    columnsToCome = 0;
    return define(columns);
  }

  private Step resultEnds(ByteBuf in) {
    return readStatus(in) ? resultEnds() : Step.IS_LOST;
  }

  private Step resultEnds() {
    if (kind == ResponseKind.ROWS || !statusHas(ServerStatus.SERVER_MORE_RESULTS_EXISTS)) {
      return Step.ENDS;
    }
    part = Part.FIRST;
    return Step.CONTINUES;
  }

  /** A row of a large first column begins with the same byte, but is longer. */
  private boolean isEndMarker(int first, int length) {
    return first == END_MARKER
        && (deprecateEof ? length < PacketHeader.MAX_PAYLOAD : length <= MAX_EOF_LENGTH);
  }

  private boolean statusHas(int flag) {
    return (status & flag) != 0;
  }

  /**
   * EOF_Packet: 1 byte 0xFE; warnings 2; status 2. OK_Packet: 1 byte 0x00 or 0xFE; affected rows
   * and last insert id, length-encoded; status 2 and more. Neither need have a status before 4.1.
   */
  private boolean readStatus(ByteBuf in) {
    HeadReader head = new HeadReader(in);
    head.skip(1);
    if (in.getUnsignedByte(0) == END_MARKER && in.writerIndex() < 7) {
      head.skip(2);
    } else {
      head.lengthEncoded();
      head.lengthEncoded();
    }
    int said = head.int2();
    if (said < 0) {
      status = 0;
      return !protocol41;
    }
    status = said;
    if (statusHas(ServerStatus.SERVER_STATUS_LAST_ROW_SENT)) {
      cursorOpen = false;
    } else if (statusHas(ServerStatus.SERVER_STATUS_CURSOR_EXISTS)) {
      cursorOpen = true;
    }
    return true;
  }
}
