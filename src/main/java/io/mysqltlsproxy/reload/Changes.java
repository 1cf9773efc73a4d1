package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.connection.SecurityPolicy;
import java.util.ArrayList;
import java.util.List;

/** What a reload has changed, as one line for the log. */
final class Changes {
  private Changes() {}

  static String between(SecurityPolicy before, SecurityPolicy now) {
    List<String> parts = new ArrayList<>();
    List<String> gone = without(before.description(), now.description());
    List<String> come = without(now.description(), before.description());
    if (!come.isEmpty()) {
      parts.add("now " + String.join(", ", come));
    }
    if (!gone.isEmpty()) {
      parts.add("no more " + String.join(", ", gone));
    }
    if (parts.isEmpty()) {
      parts.add("the same certificates, CRLs and ticket keys");
    }
    int rules = now.accounts();
    int rulesBefore = before.accounts();
    parts.add(
        "rules of "
            + rules
            + " accounts"
            + (rules == rulesBefore ? "" : ", before " + rulesBefore));
    return String.join("; ", parts);
  }

  private static List<String> without(List<String> some, List<String> others) {
    return some.stream().filter(line -> !others.contains(line)).toList();
  }
}
