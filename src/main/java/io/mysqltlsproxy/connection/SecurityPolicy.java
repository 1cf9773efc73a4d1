package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.grammar.RulesLoader;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.tls.ClientSideTls;
import io.mysqltlsproxy.tls.Expiries;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is read from files and can be read again while the proxy runs: the certificate and its key,
 * authorities, CRLs, ticket keys and rules. It is loaded as one, all or nothing.
 *
 * @param towardsClients makes the proxy's side of TLS with clients; empty where they have none
 * @param towardsServer makes the proxy's side of TLS with the server; empty where it has none
 * @param rules who may come in
 */
public record SecurityPolicy(
    Optional<ServerTls> towardsClients, Optional<ClientSideTls> towardsServer, Rules rules)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("run");

  /**
   * Reads the files.
   *
   * @throws OptionException for the first option or file that cannot be used
   */
  public static SecurityPolicy load(OptionValues values) throws OptionException {
    return load(values, Optional.empty());
  }

  /**
   * Reads the files again.
   *
   * @throws OptionException for the first option or file that cannot be used
   */
  public SecurityPolicy loadAgain(OptionValues values) throws OptionException {
    return load(values, towardsClients);
  }

  /** The same with other rules; one of the two is to be closed. */
  public SecurityPolicy with(Rules others) {
    return new SecurityPolicy(towardsClients, towardsServer, others);
  }

  private static SecurityPolicy load(OptionValues values, Optional<ServerTls> before)
      throws OptionException {
    boolean connect = values.areOf(OptionSet.CONNECT);
    Rules rules = connect ? RulesLoader.loadForPlainClients(values) : RulesLoader.load(values);
    SecurityPolicy policy =
        connect
            ? new SecurityPolicy(Optional.empty(), Optional.of(ClientSideTls.load(values)), rules)
            : new SecurityPolicy(
                Optional.of(ServerTls.load(values, before)), Optional.empty(), rules);
    rules.warnings().forEach(log::warn);
    if (!connect) {
      RulesLoader.unusedCa(values, rules).ifPresent(unused -> log.warn(unused.getMessage()));
      RulesLoader.exposedHashes(values, rules).ifPresent(exposed -> log.warn(exposed.getMessage()));
    }
    return policy;
  }

  /** Why a handshake with these certificates would fail; empty where it would not. */
  Optional<String> problem(List<X509Certificate> shown) {
    return shown.isEmpty()
        ? Optional.empty()
        : wantedOfClients().flatMap(wanted -> wanted.problem(shown));
  }

  /** Whether the proxy makes its certificate itself, and another one is due. */
  public boolean isRenewalDue(Instant now) {
    return towardsClients.filter(tls -> tls.isRenewalDue(now)).isPresent();
  }

  private Optional<ClientCertificates> wantedOfClients() {
    return towardsClients.flatMap(ServerTls::clientCertificates);
  }

  /**
   * Why the client that has shown these certificates, which were good once, must go, or leave the
   * server that has.
   *
   * @param shown by the peer, its own first; empty where there were none
   */
  Optional<String> reasonToLeave(List<X509Certificate> shown) {
    return shown.isEmpty()
        ? Optional.empty()
        : wantedOfClients()
            .flatMap(wanted -> wanted.reasonToLeave(shown))
            .or(
                () ->
                    towardsServer
                        .flatMap(ClientSideTls::serverCertificates)
                        .flatMap(wanted -> wanted.reasonToLeave(shown))
                        .map(why -> "the server: " + why));
  }

  /**
   * Why a client that was admitted once would not be again.
   *
   * @param possible its login or its latest change of user, or both
   */
  Optional<String> rulesReasonToLeave(List<Admitted> possible) {
    for (Admitted admitted : possible) {
      if (rules.decide(admitted.login()) instanceof Refused refused) {
        return Optional.of(refused.reason());
      }
    }
    return Optional.empty();
  }

  /** When the first of the client's certificates, or of their issuers', expires. */
  Instant expiry(List<X509Certificate> shown) {
    return shown.isEmpty()
        ? Instant.MAX
        : wantedOfClients().map(wanted -> wanted.expiry(shown)).orElse(Instant.MAX);
  }

  /** Certificates, CRLs and ticket keys in use, a line each. */
  public List<String> description() {
    List<String> lines = new ArrayList<>();
    towardsClients.ifPresent(tls -> lines.addAll(tls.description()));
    towardsServer.ifPresent(tls -> lines.addAll(tls.description()));
    return lines;
  }

  /** Until when the files are good. */
  public Expiries expiries() {
    return towardsClients
        .map(ServerTls::expiries)
        .or(() -> towardsServer.map(ClientSideTls::expiries))
        .orElseGet(() -> new Expiries(Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /** The library of TLS and its version. */
  public String engine() {
    return towardsClients
        .map(ServerTls::engine)
        .or(() -> towardsServer.map(ClientSideTls::engine))
        .orElse("none");
  }

  /** How many accounts have a rule of their own. */
  public int accounts() {
    return rules.size();
  }

  /** Gives the native memory back once the last connection of it has ended. */
  @Override
  public void close() {
    towardsClients.ifPresent(ServerTls::close);
    towardsServer.ifPresent(ClientSideTls::close);
  }
}
