package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.text.Phrases;
import java.util.ArrayList;
import java.util.List;

/** What a reload has changed, as one line for the log. */
final class Changes {
  /** How many files' contents, or accounts, are named of each kind. */
  private static final int MAX_NAMES = 10;

  private Changes() {}

  static String between(SecurityPolicy before, SecurityPolicy now) {
    List<String> parts = new ArrayList<>();
    add(parts, "now ", without(now.description(), before.description()));
    add(parts, "no longer ", without(before.description(), now.description()));
    if (parts.isEmpty()) {
      parts.add("the same certificates, CRLs and ticket keys");
    }
    Rules.Difference accounts = now.rules().differenceFrom(before.rules());
    add(parts, "accounts added: ", accounts.added());
    add(parts, "accounts changed: ", accounts.changed());
    add(parts, "accounts removed: ", accounts.removed());
    parts.add(
        "rules for "
            + Phrases.count(now.accounts(), "account")
            + (accounts.isEmpty() ? ", unchanged" : ""));
    return String.join("; ", parts);
  }

  private static void add(List<String> parts, String heading, List<String> items) {
    if (!items.isEmpty()) {
      parts.add(heading + Phrases.few(items, MAX_NAMES));
    }
  }

  private static List<String> without(List<String> some, List<String> others) {
    return some.stream().filter(line -> !others.contains(line)).toList();
  }
}
