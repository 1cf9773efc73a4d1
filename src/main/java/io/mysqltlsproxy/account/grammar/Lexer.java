package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.grammar.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits rules into words as MySQL does: its comments, its quotes, its escapes. The text of an
 * executable comment counts, whatever version it names.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/language-structure.html">MySQL: Language
 *     Structure</a>
 */
public final class Lexer {
  private static final char NOTHING = '\0';

  private final String source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineStart;
  private int lineOfLastToken;
  private int executableComment = -1;

  private Lexer(String source, String text) {
    this.source = source;
    this.text = text;
  }

  /** The words, the last of which is {@link Kind#END}. */
  static List<Token> tokens(String source, String text) throws RulesException {
    Lexer lexer = new Lexer(source, text);
    lexer.run();
    return List.copyOf(lexer.tokens);
  }

  private void run() throws RulesException {
    if (charAt(0) == '\uFEFF') {
      at++;
    }
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        at++;
        newLine();
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '#' || isDashComment()) {
        skipLine();
      } else if (text.startsWith("/*", at)) {
        comment();
      } else if (executableComment >= 0 && text.startsWith("*/", at)) {
        executableComment = -1;
        at += 2;
      } else if (c == '\'' || c == '"' || c == '`') {
        quoted(c);
      } else if (isWord(c)) {
        word(false);
      } else {
        symbol(c);
      }
    }
    if (executableComment >= 0) {
      throw error(executableComment, "an unclosed comment", "close it with */");
    }
    add(Kind.END, "", at);
  }

  private boolean isDashComment() {
    return text.startsWith("--", at)
        && (at + 2 == text.length() || charAt(at + 2) <= ' ' || charAt(at + 2) == '\u007F');
  }

  private void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  private void comment() throws RulesException {
    int start = at;
    int body = at + 2 + (charAt(at + 2) == 'M' ? 1 : 0);
    if (charAt(body) == '!') {
      if (executableComment >= 0) {
        throw error(start, "an executable comment within another", "close the first with */");
      }
      executableComment = start;
      at = body + 1 + digitsOfVersion(body + 1);
      return;
    }
    int end = text.indexOf("*/", at + 2);
    if (end < 0) {
      throw error(start, "an unclosed comment", "close it with */");
    }
    for (; at < end + 2; at++) {
      if (text.charAt(at) == '\n') {
        lineStart = at + 1;
        line++;
      }
    }
  }

  private int digitsOfVersion(int from) {
    int digits = 0;
    while (digits < 6 && isDigit(charAt(from + digits))) {
      digits++;
    }
    return digits < 5 ? 0 : digits;
  }

  private void quoted(char quote) throws RulesException {
    int start = at;
    int startLine = line;
    int startOfLine = lineStart;
    boolean escapes = quote != '`';
    boolean lostBackslash = false;
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        if (charAt(at + 1) != quote) {
          at++;
          boolean startsLine = lineOfLastToken != startLine;
          lineOfLastToken = line;
          Kind kind = escapes ? Kind.STRING : Kind.NAME;
          tokens.add(
              new Token(
                  kind,
                  value.toString(),
                  startLine,
                  start - startOfLine + 1,
                  startsLine,
                  lostBackslash));
          return;
        }
        at++;
        value.append(quote);
      } else if (c == '\\' && escapes && at + 1 < text.length()) {
        at++;
        lostBackslash |= "0'\"bnrtZ\\%_".indexOf(text.charAt(at)) < 0;
        value.append(unescaped(text.charAt(at)));
      } else {
        value.append(c);
      }
      if (text.charAt(at) == '\n') {
        lineStart = at + 1;
        line++;
      }
    }
    line = startLine;
    lineStart = startOfLine;
    throw error(start, "an unclosed quote", "close it with " + quote);
  }

  private static String unescaped(char c) {
    return switch (c) {
      case '0' -> "\0";
      case 'b' -> "\b";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'Z' -> "\u001A";
      case '%', '_' -> "\\" + c;
      default -> String.valueOf(c);
    };
  }

  /** A name without quotes; the host behind an @ may hold dots. */
  private void word(boolean isHost) {
    int start = at;
    while (at < text.length() && (isWord(charAt(at)) || (isHost && charAt(at) == '.'))) {
      at++;
    }
    add(Kind.WORD, text.substring(start, at), start);
  }

  private void symbol(char c) {
    add(Kind.SYMBOL, String.valueOf(c), at);
    at++;
    if (c == '@' && isWord(charAt(at))) {
      word(true);
    }
  }

  private void newLine() {
    line++;
    lineStart = at;
  }

  private void add(Kind kind, String value, int start) {
    tokens.add(new Token(kind, value, line, start - lineStart + 1, lineOfLastToken != line, false));
    lineOfLastToken = line;
  }

  private RulesException error(int start, String problem, String hint) {
    int lineBefore = text.lastIndexOf('\n', start - 1);
    int lineNumber = 1 + (int) text.substring(0, start).chars().filter(c -> c == '\n').count();
    return new RulesException(source, lineNumber, start - lineBefore, problem, hint);
  }

  private char charAt(int index) {
    return index < text.length() ? text.charAt(index) : NOTHING;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || isDigit(c)
        || c == '_'
        || c == '$'
        || (c >= '\u0080' && !Character.isWhitespace(c) && !Character.isSpaceChar(c));
  }
}
