package io.mysqltlsproxy.sslstatus;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a statement, one after the other, without white space and comments. What cannot be
 * told without knowing the server is {@link Kind#UNKNOWN}, after which nothing more is read.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/comments.html">MySQL: Comments</a>
 */
final class SqlTokens {
  /** What a token is. */
  enum Kind {
    WORD,
    /** In quotes of either kind; the text is what they hold. */
    STRING,
    SYMBOL,
    UNKNOWN,
    END
  }

  /** Comments are skipped, but those that servers execute are not. */
  private static final Pattern BLANK =
      Pattern.compile(
          "(?:\\s|--(?=[\\s\\x00-\\x1f]|\\z)[^\\n]*|#[^\\n]*|/\\*(?!M?!).*?\\*/)", Pattern.DOTALL);

  /** Executed by every server: without a version, or for 5.5 and older ones. */
  private static final Pattern EXECUTED =
      Pattern.compile("/\\*!(?:0?(?:[34]\\d|50[0-5])\\d{2,3}(?=\\D))?(?!\\d)");

  private static final Pattern WORD = Pattern.compile("(?:[A-Za-z0-9_$\\x80-\\xff]+|`[^`]+`)");

  private final String sql;
  private final Matcher matcher;
  private int at;
  private boolean executed;
  private Kind kind = Kind.END;
  private String text = "";

  SqlTokens(String sql) {
    this.sql = sql;
    this.matcher = BLANK.matcher(sql);
    next();
  }

  /** Goes on to the next token. */
  void next() {
    if (kind == Kind.UNKNOWN) {
      return;
    }
    skipBlank();
    if (at == sql.length()) {
      set(executed ? Kind.UNKNOWN : Kind.END, "");
      return;
    }
    char c = sql.charAt(at);
    if (c == '\'' || c == '"') {
      string(c);
    } else if (found(WORD)) {
      at = matcher.end();
      set(Kind.WORD, matcher.group().replace("`", ""));
    } else if (sql.startsWith("/*", at) || c == '`') {
      set(Kind.UNKNOWN, "");
    } else {
      String symbol = sql.startsWith("@@", at) ? "@@" : String.valueOf(c);
      at += symbol.length();
      set(Kind.SYMBOL, symbol);
    }
  }

  /** White space, comments, and the frames of those whose contents count. */
  private void skipBlank() {
    while (true) {
      if (found(BLANK)) {
        at = matcher.end();
      } else if (!executed && found(EXECUTED)) {
        executed = true;
        at = matcher.end();
      } else if (executed && sql.startsWith("*/", at)) {
        executed = false;
        at += 2;
      } else {
        return;
      }
    }
  }

  private boolean found(Pattern pattern) {
    return matcher.usePattern(pattern).region(at, sql.length()).lookingAt();
  }

  /** Up to the closing quote, which is doubled inside; escapes stay where LIKE has its own. */
  private void string(char quote) {
    StringBuilder value = new StringBuilder();
    for (int i = at + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      boolean more = i + 1 < sql.length();
      if (c == '\\' && more) {
        value.append(unescaped(sql.charAt(++i)));
      } else if (c != quote) {
        value.append(c);
      } else if (more && sql.charAt(i + 1) == quote) {
        value.append(c);
        i++;
      } else {
        at = i + 1;
        set(Kind.STRING, value.toString());
        return;
      }
    }
    set(Kind.UNKNOWN, "");
  }

  private static String unescaped(char c) {
    return switch (c) {
      case '%', '_' -> "\\" + c;
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'b' -> "\b";
      case '0' -> "\0";
      case 'Z' -> "\u001a";
      default -> String.valueOf(c);
    };
  }

  private void set(Kind nextKind, String nextText) {
    kind = nextKind;
    text = nextText;
  }

  boolean isAt(Kind wanted) {
    return kind == wanted;
  }

  /** Takes one of these words, whatever the case of their letters. */
  Optional<String> accept(String... words) {
    for (String word : words) {
      if (kind != Kind.STRING && text.equalsIgnoreCase(word)) {
        next();
        return Optional.of(word.toUpperCase(Locale.ROOT));
      }
    }
    return Optional.empty();
  }

  /** Takes a string, or several that stand side by side and are one. */
  Optional<String> acceptString() {
    if (kind != Kind.STRING) {
      return Optional.empty();
    }
    StringBuilder value = new StringBuilder();
    while (kind == Kind.STRING) {
      value.append(text);
      next();
    }
    return Optional.of(value.toString());
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(0) == symbol;
  }

  /** Takes as many of these as there are. */
  void skip(char symbol) {
    while (isSymbol(symbol)) {
      next();
    }
  }

  /** Takes all up to the end of the statement. */
  void skipStatement() {
    while (kind != Kind.END && kind != Kind.UNKNOWN && !isSymbol(';')) {
      next();
    }
  }
}
