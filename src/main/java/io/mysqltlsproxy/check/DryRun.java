package io.mysqltlsproxy.check;

import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.account.grammar.RulesLoader;
import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.mysqltlsproxy.tls.ClientKeys;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a client would come in: its certificate is verified as in a handshake, and the rules
 * decide as they would.
 *
 * @param host where it comes from: an IP address, or {@code localhost}
 * @param certificate the file that it would send: its certificate first, then intermediates
 * @param cipher that it insists on, by OpenSSL's name; empty for the preferred one
 * @param plain whether it does without TLS
 */
public record DryRun(
    String user, String host, Optional<Path> certificate, Optional<String> cipher, boolean plain) {

  /**
   * What would become of it.
   *
   * @param tlsVersion empty without TLS
   * @param cipher empty without TLS
   * @param rule what admits it: the account and the place of its rule; empty where nothing does
   * @param error what the client is told; empty where it is admitted
   * @param reason what is missing; empty where it is admitted
   */
  public record Outcome(
      String tlsVersion, String cipher, String rule, String error, String reason) {
    public boolean admitted() {
      return error.isEmpty();
    }

    private static Outcome failedHandshake(String reason) {
      return new Outcome("", "", "", "the TLS handshake fails", reason);
    }
  }

  /**
   * Decides.
   *
   * @throws OptionException when an option or a file of the proxy's, or the client's file, cannot
   *     be used
   */
  public Outcome run(OptionValues values) throws OptionException {
    InetAddress address = address();
    Rules rules = RulesLoader.load(values);
    Optional<ClientCertificates> authorities = ClientCertificates.load(values);
    if (plain) {
      return decide(rules, address, Transport.PLAIN);
    }
    Optional<Map.Entry<String, String>> agreed = agreed(values);
    if (agreed.isEmpty()) {
      return Outcome.failedHandshake(
          "no cipher in common: see --tls-version, --ssl-cipher and --tls-ciphersuites");
    }
    List<X509Certificate> sent = authorities.isPresent() ? certificates() : List.of();
    if (!sent.isEmpty()) {
      Optional<String> problem = authorities.get().problem(sent).or(() -> ClientKeys.problem(sent));
      if (problem.isPresent()) {
        return Outcome.failedHandshake(problem.get());
      }
    }
    return decide(
        rules,
        address,
        new Transport(agreed.get().getKey(), agreed.get().getValue(), sent.stream().findFirst()));
  }

  private Outcome decide(Rules rules, InetAddress address, Transport transport) {
    Decision decision = rules.decide(new Login(user, ClientHost.of(address), true, transport));
    if (decision instanceof Admitted admitted) {
      return new Outcome(transport.tlsVersion(), transport.cipher(), admitted.rule(), "", "");
    }
    Refused refused = (Refused) decision;
    return new Outcome(
        transport.tlsVersion(),
        transport.cipher(),
        "",
        "ERROR %d (%s): %s".formatted(refused.code(), refused.sqlState(), refused.message()),
        refused.reason());
  }

  private InetAddress address() throws OptionException {
    InetAddress literal =
        host.equals("localhost")
            ? InetAddress.getLoopbackAddress()
            : NetUtil.createInetAddressFromIpAddressString(host);
    if (literal == null) {
      throw new OptionException(
          "--host=" + host + ": no IP address, and no name is resolved; give the address");
    }
    return literal;
  }

  private List<X509Certificate> certificates() throws OptionException {
    if (certificate.isEmpty()) {
      return List.of();
    }
    try {
      return PemFile.read(certificate.get()).certificates("give the client's certificate in PEM");
    } catch (UnusableFileException e) {
      throw new OptionException(
          "--client-cert=" + certificate.get() + ": " + e.getMessage() + "; " + e.hint());
    }
  }

  /** Version and cipher of the handshake. */
  private Optional<Map.Entry<String, String>> agreed(OptionValues values) {
    Optional<String> keyAlgorithm =
        ServerFiles.check(values, new Findings())
            .own()
            .map(own -> own.getPublicKey().getAlgorithm());
    for (var version : CipherCheck.usable(values, keyAlgorithm).entrySet()) {
      Optional<String> found =
          version.getValue().stream()
              .filter(name -> cipher.isEmpty() || cipher.get().equals(name))
              .findFirst();
      if (found.isPresent()) {
        return Optional.of(Map.entry(version.getKey(), found.get()));
      }
    }
    return Optional.empty();
  }
}
