package io.mysqltlsproxy.protocol;

/**
 * The status flags of OK and EOF packets that the proxy reads.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/mysql__com_8h.html">MySQL:
 *     SERVER_STATUS_flags_enum</a>
 */
public final class ServerStatus {
  public static final int SERVER_STATUS_IN_TRANS = 1;
  public static final int SERVER_STATUS_AUTOCOMMIT = 2;
  public static final int SERVER_MORE_RESULTS_EXISTS = 8;
  public static final int SERVER_STATUS_CURSOR_EXISTS = 1 << 6;
  public static final int SERVER_STATUS_LAST_ROW_SENT = 1 << 7;

  private ServerStatus() {}
}
