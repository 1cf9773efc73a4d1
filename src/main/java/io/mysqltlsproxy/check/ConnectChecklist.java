package io.mysqltlsproxy.check;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.grammar.RulesLoader;
import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.ConnectOptions;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.option.SslMode;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.tls.ClientSideTls;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.ServerCertificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the checklist of {@code connect}: whom the proxy trusts, what it shows, its rules,
 * where clients connect, the server with its certificate, and an account that logs in. An item that
 * cannot be checked, since another is wrong, is left out.
 */
public final class ConnectChecklist {
  private final Findings findings = new Findings();
  private final Validity validity = new Validity(Instant.now(), findings);
  private final Strength strength = new Strength(findings);

  private final Optional<Account> account;

  /**
   * A checklist.
   *
   * @param account that logs in at the end; empty where none does
   */
  public ConnectChecklist(Optional<Account> account) {
    this.account = account;
  }

  /** Checks everything that these options name. */
  public Findings run(OptionValues values) {
    own(values);
    Optional<ServerCertificates> wanted = authorities(values);
    rules(values);
    DoorCheck.check(values, findings);
    if (!findings.hasWrong()) {
      start(values);
    }
    server(values, wanted);
    if (!findings.hasWrong()) {
      account.ifPresent(each -> new LoginTrial(values, each).run(findings));
    }
    return findings;
  }

  private void own(OptionValues values) {
    if (values.get(Options.SSL_CERT).isEmpty() && values.get(Options.SSL_KEY).isEmpty()) {
      findings.ok(Item.CERTIFICATE, "no --ssl-cert: the server sees no certificate");
      return;
    }
    ServerFiles.Read own = ServerFiles.check(values, findings);
    for (X509Certificate certificate : own.chain()) {
      validity.check(Item.VALIDITY, certificate);
      strength.check(Item.STRENGTH, certificate);
    }
    own.own()
        .ifPresent(
            leaf ->
                findings.okUnlessFound(Item.VALIDITY, "until " + leaf.getNotAfter().toInstant()));
  }

  private Optional<ServerCertificates> authorities(OptionValues values) {
    SslMode mode = values.get(ConnectOptions.SSL_MODE);
    if (!mode.verifies()) {
      findings.warning(
          Item.CA,
          "--ssl-mode=REQUIRED: the server's certificate is not verified, so anyone on the way can"
              + " pose as the server and read passwords",
          "give --ssl-ca and --ssl-mode=VERIFY_IDENTITY");
      return Optional.empty();
    }
    Optional<String> host =
        mode == SslMode.VERIFY_IDENTITY && values.get(Options.BACKEND) instanceof Backend.Tcp tcp
            ? Optional.of(tcp.host())
            : Optional.empty();
    try {
      Optional<ServerCertificates> wanted =
          ServerCertificates.load(values, host, InstantSource.system());
      if (wanted.isEmpty()) {
        findings.wrong(
            Item.CA,
            "no --ssl-ca: the server's certificate cannot be verified",
            "give the CA that signed it: --ssl-ca=FILE");
        return wanted;
      }
      for (X509Certificate authority : wanted.get().authorities()) {
        validity.check(Item.CA, authority);
        strength.check(Item.CA, authority);
      }
      findings.okUnlessFound(
          Item.CA,
          "the server's certificate must be signed by "
              + String.join(" or by ", wanted.get().authorityNames()));
      RevocationCheck.ofServer(values, wanted.get(), findings);
      return wanted;
    } catch (OptionException e) {
      findings.wrong(Item.CA, e);
      return Optional.empty();
    }
  }

  private void rules(OptionValues values) {
    try {
      Rules rules = RulesLoader.loadForPlainClients(values);
      rules
          .warnings()
          .forEach(
              warning -> findings.warning(Item.RULES, warning, "write the address in its place"));
      findings.okUnlessFound(
          Item.RULES,
          rules.size() == 0 ? "no --accounts: every account may log in" : "all are readable");
    } catch (OptionException e) {
      findings.wrong(Item.RULES, e);
    }
  }

  private void start(OptionValues values) {
    try (ClientSideTls tls = ClientSideTls.load(values)) {
      findings.ok(Item.START, "connect would start; TLS by " + tls.engine());
    } catch (OptionException e) {
      findings.wrong(Item.START, e);
    }
  }

  private void server(OptionValues values, Optional<ServerCertificates> wanted) {
    Backend server = values.get(Options.BACKEND);
    Probe.Answer answer;
    try {
      answer = Probe.ask(server, true, values.get(Options.CONNECT_TIMEOUT));
    } catch (Probe.TlsException e) {
      findings.ok(Item.SERVER, ServerCheck.product(e.greeting()) + " answers at " + server);
      findings.wrong(
          Item.SERVER_TLS,
          "TLS with it fails, so no client can log in: " + e.getMessage(),
          "read the server's own log");
      return;
    } catch (IOException e) {
      findings.wrong(
          Item.SERVER,
          "--backend=" + server + " does not answer: " + e.getMessage(),
          "start the server, or give its address: --backend=HOST:PORT");
      return;
    }
    if (answer.greeting().isEmpty()) {
      findings.wrong(
          Item.SERVER,
          "--backend=" + server + " refuses this host: " + answer.refusal().orElseThrow(),
          "let the server accept connections from here");
      return;
    }
    HandshakeV10 greeting = answer.greeting().get();
    findings.ok(Item.SERVER, ServerCheck.product(greeting) + " answers at " + server);
    if (!greeting.offersTls()) {
      findings.wrong(
          Item.SERVER_TLS,
          "it does not offer TLS, so no client can log in",
          "enable TLS at the server; if it is enabled, somebody on the way removes the offer");
    } else {
      certificate(answer.chain(), wanted);
    }
  }

  private void certificate(List<X509Certificate> chain, Optional<ServerCertificates> wanted) {
    if (chain.isEmpty()) {
      return;
    }
    validity.check(Item.SERVER_TLS, chain.get(0));
    wanted
        .flatMap(trust -> trust.problem(chain))
        .ifPresent(
            problem ->
                findings.wrong(
                    Item.SERVER_TLS,
                    "its certificate is rejected: " + problem,
                    "give the CA that signed it and the host that it is for; see --ssl-ca and"
                        + " --backend"));
    findings.okUnlessFound(
        Item.SERVER_TLS,
        "it shows "
            + CertificateNames.described(chain.get(0))
            + (wanted.isPresent() ? ", which verifies" : ", which is not verified"));
  }
}
