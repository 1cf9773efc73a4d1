package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.grammar.Token.Kind;

/**
 * The clauses of GRANT, CREATE USER and ALTER USER that say nothing about who may come in from
 * where with what. They are read, so that nothing hides in them, and ignored.
 */
public final class IgnoredClauses {
  private IgnoredClauses() {}

  /** A clause behind the accounts; false where none begins here. */
  static boolean option(TokenReader in) throws RulesException {
    if (in.accept("WITH")) {
      with(in);
    } else if (in.accept("PASSWORD")) {
      password(in);
    } else if (in.accept("FAILED_LOGIN_ATTEMPTS")) {
      number(in);
    } else if (in.accept("PASSWORD_LOCK_TIME")) {
      numberOr(in, "UNBOUNDED");
    } else if (in.acceptAny("COMMENT", "ATTRIBUTE")) {
      in.string("the text");
    } else if (in.accept("DEFAULT")) {
      in.expect("ROLE");
      roles(in);
    } else if (in.accept("AS")) {
      AccountNameParser.read(in);
    } else {
      return false;
    }
    return true;
  }

  private static void with(TokenReader in) throws RulesException {
    if (in.accept("ROLE")) {
      roles(in);
      return;
    }
    boolean found = false;
    while (true) {
      boolean beginsNext = found && in.peek().startsLine();
      if (in.accept("ADMIN") || (!beginsNext && in.accept("GRANT"))) {
        in.expect("OPTION");
      } else if (in.acceptAny(
          "MAX_QUERIES_PER_HOUR",
          "MAX_UPDATES_PER_HOUR",
          "MAX_CONNECTIONS_PER_HOUR",
          "MAX_USER_CONNECTIONS",
          "MAX_STATEMENT_TIME")) {
        number(in);
      } else if (found) {
        return;
      } else {
        throw in.unexpected(
            "write GRANT OPTION, ADMIN OPTION or a limit such as MAX_USER_CONNECTIONS 5");
      }
      found = true;
    }
  }

  private static void password(TokenReader in) throws RulesException {
    if (in.accept("EXPIRE")) {
      if (!in.acceptAny("DEFAULT", "NEVER") && in.accept("INTERVAL")) {
        number(in);
        in.expect("DAY");
      }
    } else if (in.accept("HISTORY")) {
      numberOr(in, "DEFAULT");
    } else if (in.accept("REUSE")) {
      in.expect("INTERVAL");
      if (!in.accept("DEFAULT")) {
        number(in);
        in.expect("DAY");
      }
    } else if (in.accept("REQUIRE")) {
      in.expect("CURRENT");
      in.acceptAny("DEFAULT", "OPTIONAL");
    } else {
      throw in.unexpected("write EXPIRE, HISTORY, REUSE or REQUIRE CURRENT");
    }
  }

  private static void roles(TokenReader in) throws RulesException {
    if (in.acceptAny("DEFAULT", "NONE") || (in.accept("ALL") && !in.accept("EXCEPT"))) {
      return;
    }
    do {
      AccountNameParser.read(in);
    } while (in.acceptSymbol(','));
  }

  private static void numberOr(TokenReader in, String keyword) throws RulesException {
    if (!in.accept(keyword)) {
      number(in);
    }
  }

  static void number(TokenReader in) throws RulesException {
    digits(in);
    if (in.acceptSymbol('.')) {
      digits(in);
    }
  }

  private static void digits(TokenReader in) throws RulesException {
    Token token = in.peek();
    if (token.kind() != Kind.WORD || !token.text().matches("[0-9]{1,20}")) {
      throw in.unexpected("write a number");
    }
    in.next();
  }

  /** Privileges and roles with all their names, up to the given keyword and with it. */
  static void privileges(TokenReader in, String keyword) throws RulesException {
    while (!in.accept(keyword)) {
      Token token = in.peek();
      if (token.kind() == Kind.END
          || token.isSymbol(';')
          || token.is("REQUIRE")
          || token.is("IDENTIFIED")) {
        throw in.unexpected("write " + keyword + " and the accounts before it");
      }
      in.next();
      if (token.is("GRANT")) {
        in.expect("OPTION");
      }
    }
  }
}
