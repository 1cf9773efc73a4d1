package io.mysqltlsproxy.account.grammar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.StoredHash;
import io.mysqltlsproxy.account.StoredHashes;
import io.mysqltlsproxy.account.grammar.Token.Kind;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code IDENTIFIED …} behind an account. Of all that it says, the rules keep what the server
 * stores of the password where a client can compute that too; no message shows any of it.
 */
final class AuthenticationParser {
  private static final String NATIVE = "mysql_native_password";

  private final TokenReader in;
  private Optional<StoredHashes> found = Optional.empty();

  private AuthenticationParser(TokenReader in) {
    this.in = in;
  }

  /** The clauses that are there; empty where none says how the first factor is checked. */
  static Optional<StoredHashes> read(TokenReader in) throws RulesException {
    AuthenticationParser parser = new AuthenticationParser(in);
    parser.clauses();
    return parser.found;
  }

  private void clauses() throws RulesException {
    boolean first = true;
    while (true) {
      if (in.accept("IDENTIFIED")) {
        List<StoredHash> hashes = identified();
        if (first) {
          found = Optional.of(new StoredHashes(hashes));
        }
      } else if (in.accept("INITIAL")) {
        in.expect("AUTHENTICATION");
      } else if (in.acceptAny("ADD", "MODIFY", "DROP")) {
        IgnoredClauses.number(in);
        in.expect("FACTOR");
        first = false;
      } else if (in.accept("REPLACE")) {
        secret();
      } else if (in.accept("RETAIN")) {
        in.expect("CURRENT", "PASSWORD");
      } else if (in.accept("DISCARD")) {
        in.expect("OLD", "PASSWORD");
      } else if (in.accept("AND")) {
        in.expect("IDENTIFIED");
        identified();
      } else {
        return;
      }
    }
  }

  private List<StoredHash> identified() throws RulesException {
    List<StoredHash> hashes = new ArrayList<>();
    if (in.acceptAny("WITH", "VIA")) {
      do {
        plugin().ifPresent(hashes::add);
      } while (in.accept("OR"));
    } else if (in.accept("BY")) {
      boolean stored = in.accept("PASSWORD");
      Optional<String> text = secret();
      if (stored) {
        text.flatMap(hash -> StoredHash.parse(NATIVE, hash)).ifPresent(hashes::add);
      }
    } else {
      throw in.errorAt(
          in.peek(), "IDENTIFIED without BY, WITH or VIA", "write BY before the password");
    }
    return hashes;
  }

  private Optional<StoredHash> plugin() throws RulesException {
    Token name = in.peek();
    if (name.kind() != Kind.WORD && !name.isQuoted()) {
      throw in.unexpected("write the name of a plugin");
    }
    in.next();
    if (in.accept("BY")) {
      secret();
    } else if (in.acceptAny("AS", "USING")) {
      return secret().flatMap(hash -> StoredHash.parse(name.text(), hash));
    }
    return Optional.empty();
  }

  /** A password or its hash, as it is stored; empty where the statement does not hold it. */
  private Optional<String> secret() throws RulesException {
    if (in.accept("RANDOM")) {
      in.expect("PASSWORD");
    } else if (in.accept("PASSWORD")) {
      in.expectSymbol('(');
      secret();
      in.expectSymbol(')');
    } else if (in.acceptSymbol('<')) {
      in.expect("SECRET");
      in.expectSymbol('>');
    } else if (in.peek().kind() == Kind.STRING) {
      return Optional.of(in.next().text());
    } else if (in.peek().isHexadecimal()) {
      return fromHexadecimal(in.next().text());
    } else {
      throw in.errorAt(in.peek(), "a password that is not in quotes", "write it in quotes: '...'");
    }
    return Optional.empty();
  }

  /** As MySQL prints it with {@code print_identified_with_as_hex}. */
  private static Optional<String> fromHexadecimal(String text) {
    try {
      return Optional.of(new String(HexFormat.of().parseHex(text.substring(2)), ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
