package io.mysqltlsproxy.codec;

import io.mysqltlsproxy.protocol.Command;

/**
 * The responses that commands have, told apart as far as it takes to find their end.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html">MySQL:
 *     Command Phase</a>
 * @see <a
 *     href="https://mariadb.com/docs/server/reference/clientserver-protocol/2-prepared-statements/com_stmt_bulk_execute">MariaDB:
 *     COM_STMT_BULK_EXECUTE</a>
 */
enum ResponseKind {
  /** Nothing is sent. */
  NONE,
  /** One packet: OK, ERR or EOF. */
  SINGLE,
  /** One packet of text, or ERR. */
  TEXT,
  /** One or more of these: OK, a request for a file, a result set. Or ERR, which ends it. */
  RESULTS,
  /** The same. A result set without rows, where a cursor has been opened. */
  EXECUTED,
  /** The number of parameters and columns, and the definitions of both. */
  PREPARED,
  /** Rows, or definitions of columns, and an end marker. */
  ROWS,
  /** ERR; whatever else comes cannot be followed. */
  UNKNOWN;

  /** COM_STMT_CLOSE: command 1, statement 4. */
  private static final int CLOSE_LENGTH = 5;

  /** COM_STMT_SEND_LONG_DATA: command 1, statement 4, parameter 2, data. */
  private static final int LONG_DATA_LENGTH = 7;

  /**
   * What answers a command.
   *
   * @param command its first byte; 0, which is COM_SLEEP, for an empty packet, as servers read it
   * @param length of its first packet's payload, in bytes
   */
  static ResponseKind of(int command, int length) {
    return switch (command) {
      case Command.COM_QUERY, Command.COM_PROCESS_INFO -> RESULTS;
      case Command.COM_STMT_EXECUTE, Command.COM_STMT_BULK_EXECUTE -> EXECUTED;
      case Command.COM_STMT_PREPARE -> PREPARED;
      case Command.COM_STMT_FETCH, Command.COM_FIELD_LIST -> ROWS;
      // One that is too short is an error to some servers and nothing to others.
      case Command.COM_STMT_CLOSE -> length >= CLOSE_LENGTH ? NONE : UNKNOWN;
      case Command.COM_STMT_SEND_LONG_DATA -> length >= LONG_DATA_LENGTH ? NONE : UNKNOWN;
      case Command.COM_STATISTICS -> TEXT;
      case Command.COM_INIT_DB,
          Command.COM_CREATE_DB,
          Command.COM_DROP_DB,
          Command.COM_REFRESH,
          Command.COM_SHUTDOWN,
          Command.COM_PROCESS_KILL,
          Command.COM_DEBUG,
          Command.COM_PING,
          Command.COM_REGISTER_SLAVE,
          Command.COM_STMT_RESET,
          Command.COM_SET_OPTION,
          Command.COM_RESET_CONNECTION ->
          SINGLE;
      // COM_QUIT and the binary log's dumps among them: what follows is no response with an end.
      default -> UNKNOWN;
    };
  }
}
