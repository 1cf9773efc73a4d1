package io.mysqltlsproxy.sslstatus;

import io.mysqltlsproxy.codec.CommandFrames;
import io.mysqltlsproxy.protocol.Command;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A COM_QUERY whose answer may tell of the server's TLS: {@code SHOW [GLOBAL|SESSION|LOCAL]
 * STATUS|VARIABLES [LIKE '…' | WHERE …]} or {@code SELECT @@have_ssl}, and nothing behind it.
 *
 * <p>Layout: 1 byte 3; with CLIENT_QUERY_ATTRIBUTES the number of parameters, here 0, and of sets
 * of them, 1; the text to the end. A query with parameters is not read.
 *
 * @param kind what it asks for
 * @param global whether it says GLOBAL
 * @param names the names that it asks for, with the wildcards of LIKE; empty where they cannot be
 *     told from the text
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/show-status.html">MySQL: SHOW STATUS</a>
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html">MySQL:
 *     COM_QUERY</a>
 */
public record SslStatusQuery(Kind kind, boolean global, Optional<String> names) {
  /** What is asked for. */
  public enum Kind {
    STATUS,
    VARIABLES,
    /** The value of have_ssl, in one row of one column. */
    HAVE_SSL
  }

  /** The longest payload that is looked at, in bytes. */
  private static final int MAX_LENGTH = 256;

  /** How many bytes of a payload tell whether it may be one. */
  private static final int DECISIVE_LENGTH = 12;

  /** Stops the relay before what may be one, by its length and its first letters. */
  public static final CommandFrames.QueryFilter FILTER =
      new CommandFrames.QueryFilter() {
        @Override
        public int decisiveLength() {
          return DECISIVE_LENGTH;
        }

        @Override
        public boolean mayMatch(ByteBuf data, int at, int length) {
          return mayBeAt(data, at, length);
        }
      };

  private static final String[] BEGINNINGS = {"show ", "select @@"};

  private static final String LITERAL = "'((?:[^'\\\\]|\\\\.)*)'";

  private static final Pattern SHOW =
      Pattern.compile(
          "SHOW\\s+(?:(GLOBAL|SESSION|LOCAL)\\s+)?(STATUS|VARIABLES)(?:\\s+(?:"
              + ("LIKE\\s*(?<like>" + LITERAL + ")")
              + ("|WHERE\\s+`?VARIABLE_NAME`?\\s+LIKE\\s*(?<whereLike>" + LITERAL + ")")
              + ("|WHERE\\s+`?VARIABLE_NAME`?\\s*=\\s*(?<whereIs>" + LITERAL + ")")
              + "|(?<where>WHERE\\s[^;]*)))?\\s*;?\\s*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern SELECT =
      Pattern.compile(
          "SELECT\\s+@@(?:(GLOBAL|SESSION|LOCAL)\\.)?HAVE_(?:OPEN)?SSL(?:\\s+(?:AS\\s+)?`?\\w+`?)?"
              + "\\s*;?\\s*",
          Pattern.CASE_INSENSITIVE);

  private static boolean mayBeAt(ByteBuf data, int at, int length) {
    if (length > MAX_LENGTH) {
      return false;
    }
    int end = Math.min(at + length, data.writerIndex());
    int text = at + 1;
    if (text < end && data.getByte(text) == 0) {
      text += 2;
    }
    for (String beginning : BEGINNINGS) {
      if (begins(data, text, end, beginning)) {
        return true;
      }
    }
    return false;
  }

  private static boolean begins(ByteBuf data, int from, int end, String beginning) {
    int known = Math.min(beginning.length(), end - from);
    for (int i = 0; i < known; i++) {
      byte letter = data.getByte(from + i);
      boolean same = letter == beginning.charAt(i);
      if (!same && (letter < 'A' || letter > 'Z' || letter + 32 != beginning.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a payload is a COM_QUERY, by its first byte. */
  public static boolean isQuery(ByteBuf payload) {
    return payload.isReadable() && payload.getByte(payload.readerIndex()) == Command.COM_QUERY;
  }

  /** The question of a COM_QUERY's payload, if it is one. */
  public static Optional<SslStatusQuery> decode(ByteBuf payload) {
    int length = payload.readableBytes();
    if (length > MAX_LENGTH || length < 4) {
      return Optional.empty();
    }
    int start = payload.readerIndex();
    boolean attributes = payload.getByte(start + 1) == 0 && payload.getByte(start + 2) == 1;
    int text = attributes ? 3 : 1;
    return parse(payload.toString(start + text, length - text, StandardCharsets.ISO_8859_1));
  }

  static Optional<SslStatusQuery> parse(String sql) {
    Matcher select = SELECT.matcher(sql);
    if (select.matches()) {
      return Optional.of(new SslStatusQuery(Kind.HAVE_SSL, false, Optional.empty()));
    }
    Matcher show = SHOW.matcher(sql);
    if (!show.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new SslStatusQuery(
            Kind.valueOf(show.group(2).toUpperCase(Locale.ROOT)),
            "GLOBAL".equalsIgnoreCase(show.group(1)),
            names(show)));
  }

  private static Optional<String> names(Matcher show) {
    if (show.group("where") != null) {
      return Optional.empty();
    }
    for (String group : new String[] {"like", "whereLike"}) {
      if (show.group(group) != null) {
        return Optional.of(unquoted(show.group(group)));
      }
    }
    return Optional.of(
        show.group("whereIs") == null
            ? "%"
            : unquoted(show.group("whereIs")).replaceAll("[\\\\%_]", "\\\\$0"));
  }

  private static String unquoted(String literal) {
    return literal.substring(1, literal.length() - 1);
  }
}
