package io.mysqltlsproxy.protocol;

/**
 * The first byte of a command packet, of those that the proxy sends or looks for.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html">MySQL:
 *     Command Phase</a>
 */
public final class Command {
  public static final int COM_QUIT = 0x01;
  public static final int COM_QUERY = 0x03;
  public static final int COM_CHANGE_USER = 0x11;

  /** MariaDB's former COM_MULTI: several commands in one packet. */
  public static final int COM_MULTI = 0xFE;

  private Command() {}
}
