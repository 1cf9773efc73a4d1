package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.Condition;
import io.mysqltlsproxy.account.Condition.Name.Field;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.name.AlternativeName;
import io.mysqltlsproxy.account.name.DistinguishedName;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what stands behind REQUIRE:
 *
 * <pre>
 * clause:      NONE | alternative [OR alternative] ...
 * alternative: SSL | X509 | condition [[AND] condition] ...
 * condition:   CIPHER 's' | ISSUER 's' | SUBJECT 's' | SAN 's' | FINGERPRINT 's'
 * </pre>
 */
public final class RequireParser {
  private static final String CLAUSES =
      "write NONE, SSL, X509, CIPHER, ISSUER, SUBJECT, SAN or FINGERPRINT";
  private static final int MAX_ALTERNATIVES = 64;

  private RequireParser() {}

  /** The clause of {@code --require}, or its default, which follows require-secure-transport. */
  public static Require option(OptionValues values) throws OptionException {
    Optional<String> clause = values.get(Options.REQUIRE);
    if (clause.isEmpty()) {
      return values.get(Options.REQUIRE_SECURE_TRANSPORT) ? Require.SSL : Require.NONE;
    }
    try {
      return parse(clause.get());
    } catch (RulesException e) {
      throw values.wrong(Options.REQUIRE, "column " + e.column() + ": " + e.problem(), e.hint());
    }
  }

  /** Reads what follows the word REQUIRE. */
  public static Require parse(String clause) throws RulesException {
    TokenReader in = TokenReader.of("REQUIRE", clause);
    Require require = parse(in);
    if (in.peek().kind() != Token.Kind.END) {
      throw in.unexpected("end the clause before it, or write AND or OR between two conditions");
    }
    return require;
  }

  static Require parse(TokenReader in) throws RulesException {
    if (in.accept("NONE")) {
      if (in.peek().is("OR")) {
        throw in.error(in.peek(), "makes no sense after NONE, which is always met", "leave it out");
      }
      checkAlone(in, "NONE");
      return Require.NONE;
    }
    List<List<Condition>> alternatives = new ArrayList<>();
    do {
      if (alternatives.size() == MAX_ALTERNATIVES) {
        throw in.error(in.peek(), "is one alternative too many", "write fewer");
      }
      alternatives.add(alternative(in));
    } while (in.accept("OR"));
    return new Require(alternatives);
  }

  private static List<Condition> alternative(TokenReader in) throws RulesException {
    if (in.accept("SSL")) {
      checkAlone(in, "SSL");
      return List.of(Condition.Level.SSL);
    }
    if (in.accept("X509")) {
      checkAlone(in, "X509");
      return List.of(Condition.Level.X509);
    }
    List<Condition> conditions = new ArrayList<>();
    boolean isExpected = true;
    while (true) {
      Token keyword = in.peek();
      Optional<Condition> condition = condition(in);
      if (condition.isEmpty()) {
        if (isExpected) {
          throw in.error(keyword, "is nothing that can be required", CLAUSES);
        }
        return conditions;
      }
      Condition found = condition.get();
      if (conditions.stream().anyMatch(other -> other.keyword().equals(found.keyword()))) {
        throw in.error(keyword, "is given twice", "write it once, or OR between the alternatives");
      }
      conditions.add(found);
      isExpected = in.accept("AND");
    }
  }

  private static Optional<Condition> condition(TokenReader in) throws RulesException {
    if (in.accept("CIPHER")) {
      return Optional.of(read(in, "the OpenSSL name of a cipher", RequireParser::cipher));
    }
    if (in.accept("ISSUER")) {
      return Optional.of(
          read(
              in,
              "the issuer's name",
              text -> new Condition.Name(Field.ISSUER, DistinguishedName.parse(text))));
    }
    if (in.accept("SUBJECT")) {
      return Optional.of(
          read(
              in,
              "the subject's name",
              text -> new Condition.Name(Field.SUBJECT, DistinguishedName.parse(text))));
    }
    if (in.accept("SAN")) {
      return Optional.of(
          read(in, "an alternative name", text -> new Condition.San(AlternativeName.parse(text))));
    }
    if (in.accept("FINGERPRINT")) {
      return Optional.of(read(in, "a fingerprint", Condition.Fingerprint::parse));
    }
    return Optional.empty();
  }

  private static Condition cipher(String name) throws InvalidNotationException {
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new InvalidNotationException(
          "is not OpenSSL's name of one cipher", "write one such as 'ECDHE-RSA-AES128-GCM-SHA256'");
    }
    return new Condition.Cipher(name);
  }

  private interface Reader {
    Condition read(String text) throws InvalidNotationException;
  }

  private static Condition read(TokenReader in, String what, Reader reader) throws RulesException {
    Token token = in.string(what);
    if (token.lostBackslash()) {
      throw in.errorAt(
          token,
          Printable.quoted(token.text())
              + " has lost a backslash, because a quoted string does not keep a single one",
          "write two: \\\\");
    }
    try {
      return reader.read(token.text());
    } catch (InvalidNotationException e) {
      throw in.errorAt(token, Printable.quoted(token.text()) + " " + e.reason(), e.hint());
    }
  }

  private static void checkAlone(TokenReader in, String clause) throws RulesException {
    Token next = in.peek();
    for (String keyword :
        List.of(
            "AND", "NONE", "SSL", "X509", "CIPHER", "ISSUER", "SUBJECT", "SAN", "FINGERPRINT")) {
      if (next.is(keyword)) {
        throw in.error(
            next,
            "cannot follow " + clause,
            "write only one of them; CIPHER, ISSUER, SUBJECT, SAN and FINGERPRINT include SSL and"
                + " X509");
      }
    }
  }
}
