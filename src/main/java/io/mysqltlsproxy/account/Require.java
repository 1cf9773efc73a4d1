package io.mysqltlsproxy.account;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an account demands of its connection, as MySQL's REQUIRE clause says it.
 *
 * @param alternatives one of which must be met, with all its conditions; NONE is one without any
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/create-user.html#create-user-tls">MySQL:
 *     CREATE USER SSL/TLS Options</a>
 */
public record Require(List<List<Condition>> alternatives) {
  /** Anything will do. */
  public static final Require NONE = new Require(List.of(List.of()));

  /** The connection is encrypted. */
  public static final Require SSL = of(Condition.Level.SSL);

  /** The client has shown a certificate that the CA vouches for. */
  public static final Require X509 = of(Condition.Level.X509);

  public Require {
    alternatives = alternatives.stream().map(List::copyOf).toList();
  }

  private static Require of(Condition condition) {
    return new Require(List.of(List.of(condition)));
  }

  /** Whether a client needs a certificate to log in. */
  public boolean needsCertificate() {
    return alternatives.stream()
        .allMatch(conditions -> conditions.stream().anyMatch(Condition::needsCertificate));
  }

  /** Whether every connection that meets this one meets the other, as far as both can tell. */
  boolean implies(Require other) {
    return alternatives.stream()
        .allMatch(
            mine ->
                other.alternatives.stream()
                    .anyMatch(theirs -> theirs.stream().allMatch(each -> implies(mine, each))));
  }

  private static boolean implies(List<Condition> conditions, Condition one) {
    return conditions.contains(one)
        || (one == Condition.Level.SSL && !conditions.isEmpty())
        || (one == Condition.Level.X509
            && conditions.stream().anyMatch(Condition::needsCertificate));
  }

  /** What differs from each alternative; empty where the connection meets one. */
  Optional<String> unmet(Transport transport) {
    if (equals(NONE)) {
      return Optional.empty();
    }
    if (!transport.isEncrypted()) {
      return Optional.of("REQUIRE " + this + " is not met: the connection is not encrypted");
    }
    if (transport.clientCertificate().isEmpty()) {
      return needsCertificate()
          ? Optional.of("REQUIRE " + this + " is not met: the client showed no certificate")
          : Optional.empty();
    }
    X509Certificate certificate = transport.clientCertificate().get();
    List<String> differences = new ArrayList<>();
    for (List<Condition> conditions : alternatives) {
      String difference = difference(conditions, transport, certificate);
      if (difference.isEmpty()) {
        return Optional.empty();
      }
      differences.add(difference);
    }
    return Optional.of(differences.stream().distinct().collect(Collectors.joining(", or ")));
  }

  private static String difference(
      List<Condition> conditions, Transport transport, X509Certificate certificate) {
    return conditions.stream()
        .flatMap(
            condition ->
                condition
                    .difference(transport, certificate)
                    .map(what -> condition.keyword() + ": " + what)
                    .stream())
        .collect(Collectors.joining(", and "));
  }

  @Override
  public String toString() {
    return alternatives.stream().map(Require::shown).collect(Collectors.joining(" OR "));
  }

  private static String shown(List<Condition> conditions) {
    return conditions.isEmpty()
        ? "NONE"
        : conditions.stream().map(Condition::keyword).collect(Collectors.joining(" AND "));
  }
}
