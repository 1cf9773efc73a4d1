package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.account.host.HostIndex;
import io.mysqltlsproxy.account.host.HostPattern;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rules of all accounts, in the order in which MySQL 8.0 tries them. */
public final class Accounts {
  private record Key(String user, String host) {}

  /** What is alike for two rows of one user and one of nobody: the user, then the alphabet. */
  private static final Comparator<Rule> ORDER =
      Comparator.comparing((Rule rule) -> rule.account().host(), HostPattern.SPECIFIC_FIRST)
          .thenComparing(rule -> rule.account().user().isEmpty())
          .thenComparing(rule -> rule.account().host().text());

  public static final Accounts NONE = new Accounts(List.of(), true);

  private final List<Rule> all;
  private final boolean isSealed;

  /** The hosts of each user, numbered by their rules' places in {@link #all}. */
  private final Map<String, HostIndex> byUser = new HashMap<>();

  /** What is known of the passwords of all accounts of one user. */
  private final Map<String, StoredHashes> hashes = new HashMap<>();

  private Accounts(Collection<Rule> rules, boolean isSealed) {
    this.isSealed = isSealed;
    all = rules.stream().sorted(ORDER).toList();
    for (Rule rule : all) {
      if (!rule.hashes().isEmpty()) {
        hashes.merge(rule.account().user(), rule.hashes(), StoredHashes::and);
      }
    }
    for (int i = 0; i < all.size(); i++) {
      AccountName account = all.get(i).account();
      byUser.computeIfAbsent(account.user(), user -> new HostIndex()).add(account.host(), i);
    }
  }

  /**
   * The accounts after all statements, the later of which change what the earlier have said.
   *
   * @param source what messages call the file
   */
  public static Accounts of(String source, List<Statement> statements) {
    Map<Key, Rule> rules = new LinkedHashMap<>();
    for (Statement statement : statements) {
      for (Statement.Named named : statement.accounts()) {
        AccountName account = named.account();
        rules.merge(
            new Key(account.user(), account.host().text()),
            new Rule(
                account,
                statement.require(),
                statement.locked().orElse(false),
                named.hashes().orElse(StoredHashes.NONE),
                source + ":" + statement.line()),
            (before, now) ->
                statement.onlyIfNew() ? before : changed(before, statement, named, now));
      }
    }
    return new Accounts(rules.values(), false);
  }

  /** The same, of a file that says itself where it ends, so that none can be missing. */
  public Accounts sealed() {
    return new Accounts(all, true);
  }

  /**
   * These accounts with some rules replaced or added.
   *
   * @param others by the names of their accounts
   */
  Accounts with(Map<String, Rule> others) {
    Map<String, Rule> rules = byName();
    rules.putAll(others);
    return new Accounts(rules.values(), isSealed);
  }

  /** Whether none can be missing. */
  boolean isSealed() {
    return isSealed;
  }

  private static Rule changed(Rule before, Statement statement, Statement.Named named, Rule now) {
    return new Rule(
        before.account(),
        statement.require().or(before::require),
        statement.locked().orElse(before.locked()),
        named.hashes().orElse(before.hashes()),
        statement.isRule() ? now.place() : before.place());
  }

  /** The rule of the account that the server would take for this client, were it there. */
  public Optional<Rule> find(String user, ClientHost host) {
    int first = Math.min(first(user, host), first("", host));
    return first == HostIndex.NONE ? Optional.empty() : Optional.of(all.get(first));
  }

  /**
   * What is known of the passwords of a user's accounts, whatever their hosts: to the server the
   * client comes from the proxy's, so it may take another of them than {@link #find}.
   */
  StoredHashes hashes(String user) {
    return hashes.getOrDefault(user, StoredHashes.NONE);
  }

  /** The rules for clients of this user, whatever their hosts; all, for the anonymous user. */
  List<Rule> thatMayMatch(String user) {
    return all.stream()
        .filter(
            rule ->
                user.isEmpty()
                    || rule.account().user().isEmpty()
                    || rule.account().user().equals(user))
        .toList();
  }

  private int first(String user, ClientHost host) {
    HostIndex hosts = byUser.get(user);
    return hosts == null ? HostIndex.NONE : hosts.first(host);
  }

  /** The rules by their accounts, {@code 'laura'@'10.0.%'}, in alphabetical order. */
  Map<String, Rule> byName() {
    Map<String, Rule> rules = new TreeMap<>();
    all.forEach(rule -> rules.put(rule.account().toString(), rule));
    return rules;
  }

  /** All rules, the most specific first. */
  public List<Rule> all() {
    return all;
  }
}
