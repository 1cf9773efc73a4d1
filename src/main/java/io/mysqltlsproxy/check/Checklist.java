package io.mysqltlsproxy.check;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.grammar.RuleReview;
import io.mysqltlsproxy.account.grammar.RulesLoader;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.ServerTls;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * Goes through the SSL checklist. An item that cannot be checked, since another is wrong, is left
 * out.
 *
 * @param names by which clients connect; empty for {@code bind-address}
 * @param clientsCa files with which clients verify the proxy, where they are others than ssl-ca
 */
public record Checklist(List<String> names, List<Path> clientsCa) {
  public Checklist {
    names = List.copyOf(names);
    clientsCa = List.copyOf(clientsCa);
  }

  /** ValueParsers options, files, rules, port and server. */
  public Findings run(OptionValues values) {
    Findings findings = files(values);
    new ServerCheck(values, findings).run();
    return findings;
  }

  /** The items that do not need the server. */
  Findings files(OptionValues values) {
    Findings findings = new Findings();
    PublicAuthorities all = PublicAuthorities.ofThisJava();
    ServerFiles.Read server = ServerFiles.check(values, findings);
    Authorities authorities = Authorities.read(values, clientsCa, all, findings);
    Validity validity = new Validity(Instant.now(), findings);
    Strength strength = new Strength(findings);
    Optional<X509Certificate> own = server.own();
    if (own.isPresent()) {
      Path file = values.get(Options.SSL_CERT).orElseThrow();
      new ChainCheck(file, server, authorities, findings).run();
      for (X509Certificate certificate : server.chain()) {
        validity.check(Item.VALIDITY, certificate);
        strength.check(Item.STRENGTH, certificate);
      }
      findings.okUnlessFound(Item.VALIDITY, "until " + own.get().getNotAfter().toInstant());
      findings.okUnlessFound(
          Item.STRENGTH,
          own.get().getPublicKey().getAlgorithm()
              + " key, signed with "
              + own.get().getSigAlgName());
      new NamesCheck(own.get(), findings).run(names, values.get(Options.BIND_ADDRESS));
      PurposeCheck.run(own.get(), findings);
    }
    new AuthorityCheck(authorities, all, validity, strength, findings).run();
    RevocationCheck.ofClients(values, findings);
    Optional<String> keyAlgorithm =
        own.map(certificate -> certificate.getPublicKey().getAlgorithm())
            .or(() -> server.selfMadeKey());
    CipherCheck.run(values, keyAlgorithm, findings);
    TicketKeysCheck.run(values, findings);
    rules(values, keyAlgorithm, authorities, findings);
    start(values, findings);
    new PortCheck(values, own, findings).run();
    return findings;
  }

  private static void rules(
      OptionValues values,
      Optional<String> keyAlgorithm,
      Authorities authorities,
      Findings findings) {
    Set<String> ciphers =
        CipherCheck.usable(values, keyAlgorithm).values().stream()
            .flatMap(List::stream)
            .collect(Collectors.toSet());
    List<X500Principal> issuers =
        authorities.ofClients().stream().map(X509Certificate::getSubjectX500Principal).toList();
    try {
      for (RuleReview.Remark remark : RuleReview.of(values, ciphers, issuers)) {
        String message = remark.rule() + ": " + remark.problem();
        if (remark.closed()) {
          findings.wrong(Item.RULES, message, remark.hint());
        } else {
          findings.warning(Item.RULES, message, remark.hint());
        }
      }
      Rules loaded = RulesLoader.load(values);
      RulesLoader.unusedCa(values, loaded).ifPresent(unused -> findings.warning(Item.CA, unused));
      RulesLoader.exposedHashes(values, loaded)
          .ifPresent(exposed -> findings.warning(Item.RULES, exposed));
      findings.okUnlessFound(Item.RULES, "all are readable, and each can be met");
    } catch (OptionException e) {
      findings.wrong(Item.RULES, e);
    }
  }

  /** What the items above do not know of, such as a cipher that the TLS engine does not have. */
  private static void start(OptionValues values, Findings findings) {
    if (findings.hasWrong()) {
      return;
    }
    try (ServerTls tls = ServerTls.load(values)) {
      findings.ok(Item.START, "run would start; TLS by " + tls.engine());
    } catch (OptionException e) {
      findings.wrong(Item.START, e);
    }
  }
}
