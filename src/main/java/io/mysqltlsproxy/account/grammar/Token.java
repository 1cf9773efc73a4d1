package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.text.Printable;

/**
 * A word of the rules.
 *
 * @param text without quotes and escapes
 * @param line from 1
 * @param column from 1
 * @param startsLine whether nothing but blanks and comments stands before it on its line
 * @param lostBackslash whether the quoted text holds a backslash that escapes nothing and is
 *     therefore gone, as in {@code 'a\,b'}
 */
public record Token(
    Kind kind, String text, int line, int column, boolean startsLine, boolean lostBackslash) {

  public enum Kind {
    /** A keyword, a number or a name without quotes. */
    WORD,
    /** {@code '…'} or {@code "…"}. */
    STRING,
    /** {@code `…`}. */
    NAME,
    /** Any other character. */
    SYMBOL,
    END
  }

  /** Whether it is this keyword; what is in quotes never is. */
  boolean is(String keyword) {
    if (kind != Kind.WORD || text.length() != keyword.length()) {
      return false;
    }
    for (int i = 0; i < keyword.length(); i++) {
      char c = text.charAt(i);
      if ((c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) != keyword.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(0) == symbol;
  }

  boolean isQuoted() {
    return kind == Kind.STRING || kind == Kind.NAME;
  }

  /** Whether it is a text as MySQL writes it in hexadecimal: {@code 0x2A}. */
  boolean isHexadecimal() {
    return kind == Kind.WORD && text.startsWith("0x");
  }

  /** For a message: a quoted or hexadecimal text may be a password and is not shown. */
  String shown() {
    if (isHexadecimal()) {
      return "the hexadecimal text";
    }
    return switch (kind) {
      case WORD, SYMBOL -> Printable.quoted(text);
      case STRING, NAME -> "the quoted text";
      case END -> "the end";
    };
  }
}
