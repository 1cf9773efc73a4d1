package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.AccountName;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.Statement;
import io.mysqltlsproxy.account.grammar.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the statements of a rules file. A statement ends at a {@code ;} or, as SHOW GRANTS prints
 * none, before a line that begins with the first word of another.
 */
public final class StatementParser {
  private static final int MAX_CHARACTERS = 16 << 20;
  private static final String STATEMENTS = "write GRANT, CREATE USER or ALTER USER";

  /**
   * A whole file.
   *
   * @param sealed whether it says itself where it ends, so that no part can be missing: {@code
   *     BEGIN; ... COMMIT;} or {@code NO RULES;}
   */
  record Parsed(List<Statement> statements, boolean sealed) {
    Parsed {
      statements = List.copyOf(statements);
    }
  }

  private final TokenReader in;
  private final List<Statement> statements = new ArrayList<>();
  private boolean sealed;

  private StatementParser(TokenReader in) {
    this.in = in;
  }

  /**
   * The statements in their order.
   *
   * @param source what messages call the text: the file's name
   */
  static List<Statement> parse(String source, String text) throws RulesException {
    return parse(source, text, Lexer.tokens(source, text)).statements();
  }

  private static Parsed parse(String source, String text, List<Token> tokens)
      throws RulesException {
    if (text.length() > MAX_CHARACTERS) {
      throw new RulesException(
          source, 1, 1, "longer than " + MAX_CHARACTERS + " characters", "write fewer rules");
    }
    StatementParser parser = new StatementParser(new TokenReader(source, tokens));
    parser.run();
    return new Parsed(parser.statements, parser.sealed);
  }

  /**
   * The statements of a whole file. A file that is empty, or cut off behind a word, could let in
   * those whom it was written to keep out: the last statement must end in a {@code ;}, and a file
   * that is meant to hold no rule says {@code NO RULES;}. One that begins with {@code BEGIN;} must
   * end with {@code COMMIT;}.
   *
   * @param source what messages call the text: the file's name
   */
  static Parsed parseWhole(String source, String text) throws RulesException {
    List<Token> tokens = Lexer.tokens(source, text);
    Parsed parsed = parse(source, text, tokens);
    if (parsed.statements.isEmpty() && !tokens.get(0).is("NO")) {
      Token end = tokens.get(tokens.size() - 1);
      throw new RulesException(
          source,
          end.line(),
          end.column(),
          "the file has no rules",
          STATEMENTS + ", or NO RULES; if no account is meant to have one");
    }
    Token last = tokens.get(tokens.size() - 2);
    if (!last.isSymbol(';')) {
      throw new RulesException(
          source,
          last.line(),
          last.column(),
          "the last statement does not end in ;, so the file may be cut off after " + last.shown(),
          "end it with ;");
    }
    return parsed;
  }

  private void run() throws RulesException {
    if (in.accept("NO")) {
      in.expect("RULES");
      in.expectSymbol(';');
      if (in.peek().kind() != Kind.END) {
        throw in.unexpected("delete NO RULES;, or what follows it");
      }
      sealed = true;
      return;
    }
    boolean begun = begin();
    while (true) {
      while (in.acceptSymbol(';')) {}
      Token first = in.peek();
      if (begun && in.accept("COMMIT")) {
        commit();
        return;
      }
      if (first.kind() == Kind.END) {
        if (begun) {
          throw in.errorAt(
              first,
              "the file has begun with BEGIN, but does not end with COMMIT, so it may be cut off",
              "end it with COMMIT;");
        }
        return;
      }
      if (in.accept("GRANT")) {
        IgnoredClauses.privileges(in, "TO");
        accounts(first, false);
      } else if (in.accept("CREATE")) {
        if (in.accept("OR")) {
          in.expect("REPLACE");
        }
        in.expect("USER");
        accounts(first, accepted("IF", "NOT", "EXISTS"));
      } else if (in.accept("ALTER")) {
        in.expect("USER");
        accepted("IF", "EXISTS");
        accounts(first, false);
      } else if (in.accept("REVOKE")) {
        IgnoredClauses.privileges(in, "FROM");
        names();
      } else if (in.accept("SET")) {
        in.expect("DEFAULT", "ROLE");
        IgnoredClauses.privileges(in, "FOR");
        names();
      } else {
        throw in.error(first, "does not begin a statement", hint(first));
      }
      end();
    }
  }

  private boolean begin() throws RulesException {
    boolean begun = in.accept("BEGIN") || accepted("START", "TRANSACTION");
    if (begun) {
      in.expectSymbol(';');
    }
    return begun;
  }

  private void commit() throws RulesException {
    in.expectSymbol(';');
    if (in.peek().kind() != Kind.END) {
      throw in.unexpected("write COMMIT; behind all statements");
    }
    sealed = true;
  }

  private static String hint(Token first) {
    boolean isFrame = first.isSymbol('|') || first.isSymbol('+');
    return isFrame || first.is("GRANTS")
        ? "paste what mysql -N -B -r prints, without frame and heading"
        : STATEMENTS;
  }

  private boolean accepted(String first, String... others) throws RulesException {
    if (!in.accept(first)) {
      return false;
    }
    in.expect(others);
    return true;
  }

  private void names() throws RulesException {
    do {
      AccountNameParser.read(in);
    } while (in.acceptSymbol(','));
  }

  private void accounts(Token first, boolean onlyIfNew) throws RulesException {
    List<Statement.Named> accounts = new ArrayList<>();
    do {
      AccountName account = AccountNameParser.read(in);
      accounts.add(new Statement.Named(account, AuthenticationParser.read(in)));
    } while (in.acceptSymbol(','));
    Optional<Require> require = Optional.empty();
    Optional<Boolean> locked = Optional.empty();
    while (true) {
      Token clause = in.peek();
      if (in.accept("REQUIRE")) {
        checkFirst(require, clause);
        require = Optional.of(RequireParser.parse(in));
      } else if (in.accept("ACCOUNT")) {
        checkFirst(locked, clause);
        locked = Optional.of(in.peek().is("LOCK"));
        if (!in.acceptAny("LOCK", "UNLOCK")) {
          throw in.unexpected("write LOCK or UNLOCK");
        }
      } else if (!IgnoredClauses.option(in)) {
        break;
      }
    }
    statements.add(new Statement(List.copyOf(accounts), onlyIfNew, require, locked, first.line()));
  }

  private void checkFirst(Optional<?> before, Token clause) throws RulesException {
    if (before.isPresent()) {
      throw in.error(clause, "is given twice", "write one such clause for a statement");
    }
  }

  private void end() throws RulesException {
    Token next = in.peek();
    boolean beginsStatement =
        next.startsLine()
            && (next.is("GRANT")
                || next.is("CREATE")
                || next.is("ALTER")
                || next.is("REVOKE")
                || next.is("SET")
                || next.is("COMMIT"));
    if (next.kind() != Kind.END && !next.isSymbol(';') && !beginsStatement) {
      throw in.unexpected("write REQUIRE or ACCOUNT LOCK there, or ; before the next statement");
    }
  }
}
