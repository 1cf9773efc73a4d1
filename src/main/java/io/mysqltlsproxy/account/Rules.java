package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Decision.Refused.Cause;
import io.mysqltlsproxy.account.host.HostPattern;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may come in. */
public final class Rules {
  private final boolean requireSecureTransport;
  private final Require require;
  private final Accounts accounts;

  /**
   * Rules.
   *
   * @param requireSecureTransport whether a plain connection is refused whatever the account
   * @param require for an account that no rule names, or whose rules say nothing about it
   */
  public Rules(boolean requireSecureTransport, Require require, Accounts accounts) {
    this.requireSecureTransport = requireSecureTransport;
    this.require = require;
    this.accounts = accounts;
  }

  /** What an account that no rule names must show. */
  public Require require() {
    return require;
  }

  public boolean requireSecureTransport() {
    return requireSecureTransport;
  }

  /** How many accounts have a rule of their own. */
  public int size() {
    return accounts.all().size();
  }

  /** Whether the rules know what is stored of any password. */
  public boolean holdHashes() {
    return accounts.all().stream().anyMatch(rule -> !rule.hashes().isEmpty());
  }

  /** Whether there is an account that must show a certificate. */
  public boolean demandCertificates() {
    return require.needsCertificate()
        || accounts.all().stream()
            .anyMatch(rule -> rule.require().filter(Require::needsCertificate).isPresent());
  }

  /**
   * Accounts, of which the rules differ.
   *
   * @param changed those with another REQUIRE clause or password, or locked or unlocked
   */
  public record Difference(List<String> added, List<String> changed, List<String> removed) {
    public Difference {
      added = List.copyOf(added);
      changed = List.copyOf(changed);
      removed = List.copyOf(removed);
    }

    public boolean isEmpty() {
      return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
  }

  /** What these rules have, and those before them had not; in which line does not matter. */
  public Difference differenceFrom(Rules before) {
    Map<String, Rule> old = before.accounts.byName();
    Map<String, Rule> now = accounts.byName();
    List<String> added = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    now.forEach(
        (name, rule) -> {
          Rule was = old.remove(name);
          if (was == null) {
            added.add(name);
          } else if (!rule.saysTheSameAs(was)) {
            changed.add(name);
          }
        });
    return new Difference(added, changed, List.copyOf(old.keySet()));
  }

  /**
   * Accounts of which these rules, as far as can be told, demand less than those before them: a
   * file of which a part is missing looks like that. None where these say that they are whole.
   */
  public List<String> lessStrictThan(Rules before) {
    if (accounts.isSealed()) {
      return List.of();
    }
    Map<String, Rule> now = accounts.byName();
    List<String> less = new ArrayList<>();
    before
        .accounts
        .byName()
        .forEach(
            (name, was) -> {
              Rule rule = now.get(name);
              if (rule == null ? isLessWithout(was, before) : isLess(rule, was, before)) {
                less.add(name);
              }
            });
    return less;
  }

  /** Whether a client of a rule that is gone may find less demanded of it, by what is left. */
  private boolean isLessWithout(Rule gone, Rules before) {
    List<Rule> left = accounts.thatMayMatch(gone.account().user());
    boolean always =
        left.stream()
            .map(Rule::account)
            .filter(each -> each.host().equals(HostPattern.ANY))
            .anyMatch(each -> each.user().isEmpty() || each.user().equals(gone.account().user()));
    return left.stream().anyMatch(rule -> isLess(rule, gone, before))
        || (!always && isLess(require, gone, before));
  }

  private boolean isLess(Rule rule, Rule was, Rules before) {
    return !rule.locked() && isLess(rule.require().orElse(require), was, before);
  }

  private static boolean isLess(Require demand, Rule was, Rules before) {
    Require demanded = was.require().orElse(before.require);
    return was.locked()
        || (demanded.needsCertificate() && !demand.needsCertificate())
        || (demanded.implies(demand) && !demand.implies(demanded));
  }

  /** These rules, except that those before them still hold for some accounts. */
  public Rules keeping(List<String> names, Rules before) {
    Map<String, Rule> kept = before.accounts.byName();
    kept.keySet().retainAll(names);
    return new Rules(requireSecureTransport, require, accounts.with(kept));
  }

  /** Rules that no client can ever match, a line each; no name of a host is resolved. */
  public List<String> warnings() {
    return accounts.all().stream()
        .filter(rule -> rule.account().host().isName())
        .map(
            rule ->
                rule
                    + " matches no client, because host names are not resolved; write the"
                    + " address")
        .toList();
  }

  /**
   * Whether the login may go on to the server, with MySQL's own error where it may not. All names
   * as which the server may read the user's must be admitted.
   */
  public Decision decide(Login login) {
    Transport transport = login.transport();
    if (requireSecureTransport && !transport.isEncrypted()) {
      return new Refused(
          Cause.INSECURE_TRANSPORT,
          3159,
          "HY000",
          "Connections using insecure transport are prohibited while"
              + " --require_secure_transport=ON.",
          "the client did not ask for TLS, and require-secure-transport is ON");
    }
    for (String other : login.readings()) {
      Decision decision = decide(login, other);
      if (!other.equals(login.user()) && decision instanceof Refused refused) {
        return denied(
            login,
            "the server may read the name as "
                + Printable.quoted(other)
                + ", and for that: "
                + refused.reason());
      }
    }
    return decide(login, login.user());
  }

  private Decision decide(Login login, String user) {
    Transport transport = login.transport();
    if (!UserNames.isSound(user)) {
      return denied(
          login,
          "the user's name is too long, or has a character that servers replace: they might read"
              + " another");
    }
    Optional<Rule> rule = accounts.find(user, login.host());
    String by = rule.map(found -> "; the rule is " + found).orElse("");
    Optional<String> problem = rule.flatMap(Rule::require).orElse(require).unmet(transport);
    if (problem.isPresent()) {
      return denied(login, problem.get() + by);
    }
    if (rule.isPresent() && rule.get().locked()) {
      // Servers tell this only to clients with the right password, which nobody has checked yet.
      return denied(Cause.ACCOUNT_LOCKED, login, "the account is locked" + by);
    }
    return new Admitted(
        login,
        rule.map(Rule::toString).orElse("--" + Options.REQUIRE.name()),
        rule.map(Rule::hashes).orElse(StoredHashes.NONE).and(accounts.hashes(user)));
  }

  private static Refused denied(Login login, String reason) {
    return denied(Cause.RULE, login, reason);
  }

  private static Refused denied(Cause cause, Login login, String reason) {
    return new Refused(
        cause,
        1045,
        "28000",
        "Access denied for user '%s'@'%s' (using password: %s)"
            .formatted(login.user(), login.host(), login.usesPassword() ? "YES" : "NO"),
        reason);
  }
}
