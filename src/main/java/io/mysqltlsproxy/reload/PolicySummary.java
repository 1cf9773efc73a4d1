package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import java.util.ArrayList;
import java.util.List;

/** Who may log in, and how, as one line for the log at the start. */
public final class PolicySummary {
  private static final int MAX_NAMES = 5;

  private PolicySummary() {}

  /** {@code policy: REQUIRE X509 unless a rule says otherwise; rules for 3 accounts; …}. */
  public static String of(OptionValues values, SecurityPolicy policy) {
    Rules rules = policy.rules();
    List<String> parts = new ArrayList<>();
    parts.add(
        "REQUIRE "
            + rules.require()
            + (rules.size() == 0
                ? " for every account"
                : " for every account without a rule; rules for "
                    + Phrases.count(rules.size(), "account")));
    parts.add(
        policy
            .tls()
            .clientCertificates()
            .map(PolicySummary::certificates)
            .orElse("client certificates are not requested (no --ssl-ca)"));
    parts.add(
        rules.requireSecureTransport()
            ? "unencrypted connections are rejected"
            : "unencrypted connections are accepted where the account's rule allows them");
    parts.add(String.join(", ", values.get(Options.TLS_VERSION)));
    return "policy: " + String.join("; ", parts);
  }

  private static String certificates(ClientCertificates certificates) {
    List<String> names = certificates.authorityNames();
    int lists = certificates.revocationLists().size();
    return "client certificates are requested, and must be signed by "
        + (names.size() == 1 ? "the CA " : "one of " + Phrases.count(names.size(), "CA") + ": ")
        + Phrases.few(names, MAX_NAMES)
        + "; "
        + (lists == 0 ? "revocation is not checked (no --ssl-crl)" : Phrases.count(lists, "CRL"));
  }
}
