package io.mysqltlsproxy.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Capability flags. The low 32 bits are MySQL's; the high 32 are MariaDB's extended capabilities,
 * which exist only where {@link #CLIENT_MYSQL} is clear.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html">MySQL:
 *     Capabilities Flags</a>
 * @see <a
 *     href="https://mariadb.com/docs/server/reference/clientserver-protocol/1-connecting/connection">MariaDB:
 *     Connection, capabilities</a>
 */
public record Capabilities(long bits) {
  /** MySQL's CLIENT_LONG_PASSWORD; MariaDB reads it as "speaks without extended capabilities". */
  public static final long CLIENT_MYSQL = 1;

  public static final long CLIENT_CONNECT_WITH_DB = 1L << 3;
  public static final long CLIENT_COMPRESS = 1L << 5;

  /** LOAD DATA LOCAL: servers ask nobody else for a file. */
  public static final long CLIENT_LOCAL_FILES = 1L << 7;

  public static final long CLIENT_PROTOCOL_41 = 1L << 9;
  public static final long CLIENT_SSL = 1L << 11;

  /** The former CLIENT_SECURE_CONNECTION: the authentication response has a length byte. */
  public static final long CLIENT_SECURE_CONNECTION = 1L << 15;

  public static final long CLIENT_PLUGIN_AUTH = 1L << 19;
  public static final long CLIENT_CONNECT_ATTRS = 1L << 20;
  public static final long CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA = 1L << 21;
  public static final long CLIENT_SESSION_TRACK = 1L << 23;

  /** A result set ends with an OK packet, and there is none behind the definitions of columns. */
  public static final long CLIENT_DEPRECATE_EOF = 1L << 24;

  public static final long CLIENT_ZSTD_COMPRESSION_ALGORITHM = 1L << 26;

  /** COM_QUERY has parameters before its text. */
  public static final long CLIENT_QUERY_ATTRIBUTES = 1L << 27;

  public static final long MULTI_FACTOR_AUTHENTICATION = 1L << 28;
  public static final long CLIENT_SSL_VERIFY_SERVER_CERT = 1L << 30;

  /** MariaDB's former COM_MULTI: several commands in one packet. */
  public static final long MARIADB_CLIENT_COM_MULTI = 1L << 33;

  private static final String[] NAMES = {
    "CLIENT_MYSQL",
    "CLIENT_FOUND_ROWS",
    "CLIENT_LONG_FLAG",
    "CLIENT_CONNECT_WITH_DB",
    "CLIENT_NO_SCHEMA",
    "CLIENT_COMPRESS",
    "CLIENT_ODBC",
    "CLIENT_LOCAL_FILES",
    "CLIENT_IGNORE_SPACE",
    "CLIENT_PROTOCOL_41",
    "CLIENT_INTERACTIVE",
    "CLIENT_SSL",
    "CLIENT_IGNORE_SIGPIPE",
    "CLIENT_TRANSACTIONS",
    "CLIENT_RESERVED",
    "CLIENT_SECURE_CONNECTION",
    "CLIENT_MULTI_STATEMENTS",
    "CLIENT_MULTI_RESULTS",
    "CLIENT_PS_MULTI_RESULTS",
    "CLIENT_PLUGIN_AUTH",
    "CLIENT_CONNECT_ATTRS",
    "CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA",
    "CLIENT_CAN_HANDLE_EXPIRED_PASSWORDS",
    "CLIENT_SESSION_TRACK",
    "CLIENT_DEPRECATE_EOF",
    "CLIENT_OPTIONAL_RESULTSET_METADATA",
    "CLIENT_ZSTD_COMPRESSION_ALGORITHM",
    "CLIENT_QUERY_ATTRIBUTES",
    "MULTI_FACTOR_AUTHENTICATION",
    "CLIENT_CAPABILITY_EXTENSION",
    "CLIENT_SSL_VERIFY_SERVER_CERT",
    "CLIENT_REMEMBER_OPTIONS",
    "MARIADB_CLIENT_PROGRESS",
    "MARIADB_CLIENT_COM_MULTI",
    "MARIADB_CLIENT_STMT_BULK_OPERATIONS",
    "MARIADB_CLIENT_EXTENDED_METADATA",
    "MARIADB_CLIENT_CACHE_METADATA",
    "MARIADB_CLIENT_BULK_UNIT_RESULTS",
  };

  /** Whether every given flag is set. */
  public boolean has(long flags) {
    return (bits & flags) == flags;
  }

  public Capabilities with(long flags) {
    return new Capabilities(bits | flags);
  }

  public Capabilities without(long flags) {
    return new Capabilities(bits & ~flags);
  }

  /** MySQL's 32 flags, as they stand at the start of a HandshakeResponse41. */
  public int mysqlBits() {
    return (int) bits;
  }

  /** MariaDB's 32 extended flags. */
  public int mariadbBits() {
    return (int) (bits >>> 32);
  }

  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < 64; bit++) {
      if ((bits & 1L << bit) != 0) {
        names.add(bit < NAMES.length ? NAMES[bit] : "1<<" + bit);
      }
    }
    return String.join("|", names);
  }
}
