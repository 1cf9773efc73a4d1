package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.option.SslMode;
import io.mysqltlsproxy.text.Phrases;
import io.mysqltlsproxy.tls.ClientSideTls;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    policy
        .towardsClients()
        .ifPresent(tls -> parts.addAll(clients(rules, tls.clientCertificates())));
    policy.towardsServer().ifPresent(tls -> parts.addAll(server(tls)));
    parts.add(String.join(", ", values.get(Options.TLS_VERSION)));
    return "policy: " + String.join("; ", parts);
  }

  private static List<String> clients(Rules rules, Optional<ClientCertificates> wanted) {
    return List.of(
        wanted
            .map(PolicySummary::certificates)
            .orElse("client certificates are not requested (no --ssl-ca)"),
        rules.requireSecureTransport()
            ? "unencrypted connections are rejected"
            : "unencrypted connections are accepted where the account's rule allows them");
  }

  private static List<String> server(ClientSideTls tls) {
    return List.of(
        tls.serverCertificates()
            .map(
                wanted ->
                    "the server's certificate must be signed by "
                        + authorities(wanted.authorityNames())
                        + (tls.mode() == SslMode.VERIFY_IDENTITY
                            ? " and be for " + tls.server().host()
                            : "")
                        + "; "
                        + revocation(wanted.revocationLists().size()))
            .orElse("the server's certificate is not verified (--ssl-mode=REQUIRED)"),
        tls.certificate().isPresent()
            ? "the server may see the certificate of --ssl-cert"
            : "the server sees no certificate (no --ssl-cert)");
  }

  private static String authorities(List<String> names) {
    return (names.size() == 1 ? "the CA " : "one of " + Phrases.count(names.size(), "CA") + ": ")
        + Phrases.few(names, MAX_NAMES);
  }

  private static String revocation(int lists) {
    return lists == 0 ? "revocation is not checked (no --ssl-crl)" : Phrases.count(lists, "CRL");
  }

  private static String certificates(ClientCertificates certificates) {
    return "client certificates are requested, and must be signed by "
        + authorities(certificates.authorityNames())
        + "; "
        + revocation(certificates.revocationLists().size());
  }
}
