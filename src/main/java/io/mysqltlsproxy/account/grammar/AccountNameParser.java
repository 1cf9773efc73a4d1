package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.AccountName;
import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.UserNames;
import io.mysqltlsproxy.account.grammar.Token.Kind;
import io.mysqltlsproxy.account.host.HostPattern;
import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code 'user'@'host'}. */
public final class AccountNameParser {
  private static final Set<String> RESERVED = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    RESERVED.addAll(
        Set.of(
            "REQUIRE",
            "IDENTIFIED",
            "WITH",
            "TO",
            "FROM",
            "ON",
            "GRANT",
            "CREATE",
            "ALTER",
            "REVOKE",
            "SET",
            "IF",
            "USER",
            "AS",
            "CURRENT_USER",
            "CURRENT_ROLE"));
  }

  private AccountNameParser() {}

  static AccountName read(TokenReader in) throws RulesException {
    Token user = in.peek();
    boolean isName = user.kind() == Kind.WORD && !RESERVED.contains(user.text());
    if (!isName && !user.isQuoted()) {
      throw in.unexpected("write an account: 'user'@'host'");
    }
    in.next();
    if (!UserNames.isSound(user.text()) || user.text().endsWith(" ")) {
      throw in.errorAt(
          user,
          Printable.quoted(user.text()) + " cannot be a user name",
          "write at most 32 characters, or 128 for MariaDB, without a space at the end");
    }
    if (!in.acceptSymbol('@')) {
      if (user.text().indexOf('@') >= 0) {
        throw in.errorAt(
            user,
            Printable.quoted(user.text()) + " is a user without a host",
            "quote user and host each: 'user'@'host'");
      }
      return new AccountName(user.text(), HostPattern.ANY);
    }
    Token host = in.peek();
    if (host.kind() != Kind.WORD && !host.isQuoted()) {
      throw in.unexpected("write the host in quotes: 'user'@'host'");
    }
    in.next();
    try {
      return new AccountName(user.text(), HostPattern.parse(host.text()));
    } catch (InvalidNotationException e) {
      throw in.errorAt(host, Printable.quoted(host.text()) + " " + e.reason(), e.hint());
    }
  }
}
