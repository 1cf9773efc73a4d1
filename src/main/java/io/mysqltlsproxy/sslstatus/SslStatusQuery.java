package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.protocol.ComQuery;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.sslstatus.SqlTokens.Kind;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * A COM_QUERY whose answer may tell of the server's TLS: {@code SHOW [GLOBAL|SESSION|LOCAL]
 * STATUS|VARIABLES [LIKE '…' | WHERE …]} or {@code SELECT @@have_ssl}, in any of MySQL's notations,
 * with nothing after it, and nothing before it but SET and USE.
 *
 * @param subject what it asks for
 * @param global whether it says GLOBAL
 * @param condition which rows it asks for; empty if only the server can tell
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/show-status.html">MySQL: SHOW STATUS</a>
 */
public record SslStatusQuery(Subject subject, boolean global, Optional<RowCondition> condition) {
  /** What is asked for. */
  public enum Subject {
    STATUS,
    VARIABLES,
    /** The value of have_ssl, in one row of one column. */
    HAVE_SSL
  }

  /** Whether a payload is a COM_QUERY, by its first byte. */
  public static boolean isQuery(ByteBuf payload) {
    return payload.isReadable() && payload.getByte(payload.readerIndex()) == Command.COM_QUERY;
  }

  /**
   * The question of a COM_QUERY's payload, if it is one.
   *
   * @param queryAttributes whether both sides have CLIENT_QUERY_ATTRIBUTES
   */
  public static Optional<SslStatusQuery> decode(ByteBuf payload, boolean queryAttributes) {
    if (payload.readableBytes() > SslStatusFilter.MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      return parse(ComQuery.text(payload, queryAttributes));
    } catch (MalformedPacketException thatTheServerWillReject) {
      return Optional.empty();
    }
  }

  static Optional<SslStatusQuery> parse(String sql) {
    SqlTokens in = new SqlTokens(sql);
    while (in.accept("SET", "USE").isPresent()) {
      in.skipStatement();
      in.skip(';');
    }
    Optional<SslStatusQuery> query =
        in.accept("SHOW").isPresent()
            ? show(in)
            : in.accept("SELECT").isPresent() ? select(in) : Optional.empty();
    in.skip(';');
    return in.isAt(Kind.END) ? query : Optional.empty();
  }

  private static Optional<SslStatusQuery> show(SqlTokens in) {
    boolean global = in.accept("GLOBAL", "SESSION", "LOCAL").filter("GLOBAL"::equals).isPresent();
    Optional<String> subject = in.accept("STATUS", "VARIABLES");
    if (subject.isEmpty()) {
      return Optional.empty();
    }
    Optional<RowCondition> condition = Optional.of(RowCondition.ALL);
    if (in.accept("LIKE").isPresent()) {
      condition = in.acceptString().map(RowCondition::nameLike);
      if (condition.isEmpty()) {
        return Optional.empty();
      }
    } else if (in.accept("WHERE").isPresent()) {
      condition = WhereClause.parse(in).filter(whole -> in.isAt(Kind.END) || in.isSymbol(';'));
      in.skipStatement();
    }
    return Optional.of(new SslStatusQuery(Subject.valueOf(subject.get()), global, condition));
  }

  private static Optional<SslStatusQuery> select(SqlTokens in) {
    if (in.accept("@@").isEmpty()) {
      return Optional.empty();
    }
    boolean global = false;
    Optional<String> scope = in.accept("GLOBAL", "SESSION", "LOCAL");
    if (scope.isPresent()) {
      global = scope.get().equals("GLOBAL");
      if (in.accept(".").isEmpty()) {
        return Optional.empty();
      }
    }
    if (in.accept("HAVE_SSL", "HAVE_OPENSSL").isEmpty()) {
      return Optional.empty();
    }
    boolean named = in.accept("AS").isPresent();
    if (in.accept("FROM", "WHERE", "LIMIT", "UNION", "INTO").isPresent()) {
      return Optional.empty();
    }
    if (in.isAt(Kind.WORD) || in.isAt(Kind.STRING)) {
      in.next();
    } else if (named) {
      return Optional.empty();
    }
    return Optional.of(new SslStatusQuery(Subject.HAVE_SSL, global, Optional.empty()));
  }
}
