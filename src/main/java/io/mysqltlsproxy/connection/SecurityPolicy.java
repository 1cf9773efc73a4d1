package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.grammar.RulesLoader;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.tls.ServerTls;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is read from files and can be read again while the proxy runs: the certificate and its key,
 * authorities, CRLs, ticket keys and rules. It is loaded as one, all or nothing.
 *
 * @param tls makes the TLS side of a client's connection
 * @param rules who may come in
 */
public record SecurityPolicy(ServerTls tls, Rules rules) implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("run");

  /**
   * Reads the files.
   *
   * @throws OptionException for the first option or file that cannot be used
   */
  public static SecurityPolicy load(OptionValues values) throws OptionException {
    Rules rules = RulesLoader.load(values);
    ServerTls tls = ServerTls.load(values);
    rules.warnings().forEach(log::warn);
    RulesLoader.unusedCa(values, rules).ifPresent(unused -> log.warn(unused.getMessage()));
    return new SecurityPolicy(tls, rules);
  }

  /** Why a handshake with these certificates would fail; empty where it would not. */
  Optional<String> problem(List<X509Certificate> shown) {
    return shown.isEmpty()
        ? Optional.empty()
        : tls.clientCertificates().flatMap(wanted -> wanted.problem(shown));
  }

  /**
   * Why a client must go that was admitted once.
   *
   * @param shown the certificates of its handshake, its own first; empty where there were none
   * @param admitted its login, or its latest change of user
   */
  Optional<String> reasonToLeave(List<X509Certificate> shown, Admitted admitted) {
    Optional<String> problem =
        shown.isEmpty()
            ? Optional.empty()
            : tls.clientCertificates().flatMap(wanted -> wanted.reasonToLeave(shown));
    return problem.or(
        () ->
            rules.decide(admitted.login()) instanceof Refused refused
                ? Optional.of(refused.reason())
                : Optional.empty());
  }

  /** When the first of the client's certificates, or of their issuers', expires. */
  Instant expiry(List<X509Certificate> shown) {
    return shown.isEmpty()
        ? Instant.MAX
        : tls.clientCertificates().map(wanted -> wanted.expiry(shown)).orElse(Instant.MAX);
  }

  /** Certificates, CRLs and ticket keys in use, a line each. */
  public List<String> description() {
    return tls.description();
  }

  /** How many accounts have a rule of their own. */
  public int accounts() {
    return rules.size();
  }

  /** Gives the native memory back once the last connection of it has ended. */
  @Override
  public void close() {
    tls.close();
  }
}
