package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.grammar.Token.Kind;
import java.util.List;

/** Walks over the words of the rules. */
public final class TokenReader {
  private final String source;
  private final List<Token> tokens;
  private int at;

  TokenReader(String source, List<Token> tokens) {
    this.source = source;
    this.tokens = tokens;
  }

  static TokenReader of(String source, String text) throws RulesException {
    return new TokenReader(source, Lexer.tokens(source, text));
  }

  Token peek() {
    return tokens.get(at);
  }

  /** The next word; the end again and again. */
  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  /** Takes the keyword if it is next. */
  boolean accept(String keyword) {
    boolean found = peek().is(keyword);
    if (found) {
      at++;
    }
    return found;
  }

  boolean acceptAny(String... keywords) {
    for (String keyword : keywords) {
      if (accept(keyword)) {
        return true;
      }
    }
    return false;
  }

  boolean acceptSymbol(char symbol) {
    boolean found = peek().isSymbol(symbol);
    if (found) {
      at++;
    }
    return found;
  }

  /** Takes the keywords, which must be next. */
  void expect(String... keywords) throws RulesException {
    for (String keyword : keywords) {
      if (!accept(keyword)) {
        throw unexpected("write " + keyword + " here");
      }
    }
  }

  void expectSymbol(char symbol) throws RulesException {
    if (!acceptSymbol(symbol)) {
      throw unexpected("write " + symbol + " here");
    }
  }

  /** A text in {@code '} or {@code "}. */
  Token string(String what) throws RulesException {
    if (peek().kind() != Kind.STRING) {
      throw unexpected("write " + what + " in quotes: '...'");
    }
    return next();
  }

  /** The next word is not what must stand there. */
  RulesException unexpected(String hint) {
    return error(peek(), "is not expected here", hint);
  }

  RulesException error(Token token, String reason, String hint) {
    return errorAt(token, token.shown() + " " + reason, hint);
  }

  /** An error whose message does not show the word. */
  RulesException errorAt(Token token, String problem, String hint) {
    return new RulesException(source, token.line(), token.column(), problem, hint);
  }
}
