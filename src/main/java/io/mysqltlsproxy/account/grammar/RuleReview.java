package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.AccountName;
import io.mysqltlsproxy.account.Condition;
import io.mysqltlsproxy.account.Condition.Name.Field;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rule;
import io.mysqltlsproxy.account.Statement;
import io.mysqltlsproxy.account.host.HostCover;
import io.mysqltlsproxy.account.host.HostPattern;
import io.mysqltlsproxy.account.name.DistinguishedName;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.text.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/** Rules that can be read, and yet are not what their author can have meant. */
public final class RuleReview {

  /**
   * What is odd about a rule.
   *
   * @param rule the account and the place of its rule, or {@code --require}
   * @param closed whether nobody can come in by it
   * @param hint what to write
   */
  public record Remark(String rule, boolean closed, String problem, String hint) {}

  private final Set<String> ciphers;
  private final List<X500Principal> issuers;
  private final List<Remark> remarks = new ArrayList<>();

  private RuleReview(Set<String> ciphers, Collection<X500Principal> issuers) {
    this.ciphers = ciphers;
    this.issuers = List.copyOf(issuers);
  }

  /**
   * Reads the rules and looks at each.
   *
   * @param ciphers with which a handshake can end, by their OpenSSL names
   * @param issuers the authorities of {@code ssl-ca}; empty where they are not known
   */
  public static List<Remark> of(
      OptionValues values, Set<String> ciphers, Collection<X500Principal> issuers)
      throws OptionException {
    RuleReview review = new RuleReview(ciphers, issuers);
    review.clause("--require", RequireParser.option(values));
    Map<String, List<Rule>> earlier = new HashMap<>();
    for (Rule rule : RulesFile.read(values).all()) {
      rule.require().ifPresent(require -> review.clause(rule.toString(), require));
      review.host(rule);
      String user = rule.account().user();
      review.order(rule, earlier.getOrDefault("", List.of()));
      review.order(rule, user.isEmpty() ? List.of() : earlier.getOrDefault(user, List.of()));
      earlier.computeIfAbsent(user, name -> new ArrayList<>()).add(rule);
    }
    review.twice(RulesFile.statements(values));
    return review.remarks;
  }

  /** Of two clauses for one account the later holds, unless it is of CREATE USER IF NOT EXISTS. */
  private void twice(List<Statement> statements) {
    Map<String, Integer> lines = new HashMap<>();
    for (Statement statement : statements) {
      if (statement.require().isEmpty()) {
        continue;
      }
      for (Statement.Named named : statement.accounts()) {
        AccountName account = named.account();
        Integer before = lines.putIfAbsent(account.toString(), statement.line());
        if (before == null) {
          continue;
        }
        int loser = statement.onlyIfNew() ? statement.line() : before;
        int winner = statement.onlyIfNew() ? before : statement.line();
        lines.put(account.toString(), winner);
        remarks.add(
            new Remark(
                account + " (line " + loser + ")",
                false,
                "its REQUIRE has no effect, because line "
                    + winner
                    + " has another one for the account",
                "delete one of the two"));
      }
    }
  }

  private void host(Rule rule) {
    if (rule.account().host().isName()) {
      remarks.add(
          new Remark(
              rule.toString(),
              true,
              "matches no client, because host names are not resolved",
              "write the address"));
    }
  }

  /** A rule that an earlier one takes all clients from, or some by way of the anonymous user. */
  private void order(Rule rule, List<Rule> earlier) {
    for (Rule before : earlier) {
      boolean sameUser = before.account().user().equals(rule.account().user());
      boolean anonymous = before.account().user().isEmpty();
      HostPattern host = before.account().host();
      if ((sameUser || anonymous) && HostCover.covers(host, rule.account().host())) {
        remarks.add(
            new Remark(
                rule.toString(),
                true,
                "never matches, because " + before + " comes first and matches all of its clients",
                "delete one of the two"));
        return;
      }
      if (anonymous && !sameUser && HostCover.covers(rule.account().host(), host)) {
        remarks.add(
            new Remark(
                rule.toString(),
                false,
                "does not hold for clients from "
                    + Printable.quoted(host.text())
                    + ", since "
                    + before
                    + " comes first, as it does in the server",
                "write a rule for "
                    + Printable.quoted(rule.account().user())
                    + "@"
                    + Printable.quoted(host.text())
                    + " too, or delete that of the anonymous user"));
      }
    }
  }

  private void clause(String rule, Require require) {
    for (List<Condition> conditions : require.alternatives()) {
      for (Condition condition : conditions) {
        if (condition instanceof Condition.Cipher cipher && !ciphers.contains(cipher.name())) {
          remarks.add(
              new Remark(
                  rule,
                  require.alternatives().size() == 1,
                  "CIPHER: no client can log in with "
                      + Printable.quoted(cipher.name())
                      + ", which these options and this certificate do not allow",
                  ciphers.isEmpty()
                      ? "see the item ciphers"
                      : "write one of "
                          + ciphers.stream().sorted().collect(Collectors.joining(", "))));
        }
        if (condition instanceof Condition.Name name && name.field() == Field.ISSUER) {
          issuer(rule, name.name());
        }
      }
    }
  }

  private void issuer(String rule, DistinguishedName issuer) {
    boolean known = issuers.stream().anyMatch(name -> issuer.difference(name).isEmpty());
    if (!known && !issuers.isEmpty()) {
      X500Principal nearest = issuers.get(0);
      remarks.add(
          new Remark(
              rule,
              false,
              "ISSUER: no CA of ssl-ca has that name: " + issuer.difference(nearest).orElse(""),
              "write ISSUER "
                  + Printable.quoted(nearest.getName())
                  + ", unless it names an intermediate that clients send"));
    }
  }
}
