package io.mysqltlsproxy.admin;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.connection.LiveConnection;
import io.mysqltlsproxy.connection.Phase;
import io.mysqltlsproxy.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is shown of one connection at one moment. Its components are the keys of the JSON, where
 * what is empty is left out.
 *
 * @param id what {@code connection_id()} says and KILL takes
 * @param peer the client's address and port
 * @param user the account's name, once the rules have let it in
 * @param rule by which it was let in
 * @param phase {@code commands} after the login
 * @param connectedSeconds since it was accepted
 * @param phaseSeconds since it entered the phase
 * @param tlsVersion empty on a plain connection
 * @param cipher OpenSSL's name
 * @param subject of the client's certificate, RFC 4514
 * @param expires when that certificate, or one of its issuers', expires and the connection is
 *     closed; ISO 8601, empty without a certificate
 * @param receivedBytes read from the client's socket
 * @param sentBytes written to the client's socket
 */
record ConnectionRow(
    OptionalLong id,
    String peer,
    String user,
    String rule,
    String phase,
    long connectedSeconds,
    long phaseSeconds,
    String tlsVersion,
    String cipher,
    String subject,
    String expires,
    OptionalLong receivedBytes,
    OptionalLong sentBytes) {

  static ConnectionRow of(LiveConnection live, Instant now) {
    Optional<Admitted> admitted = live.admitted();
    LiveConnection.Standing standing = live.standing();
    Transport transport = live.transport();
    return new ConnectionRow(
        live.id(),
        live.peer(),
        admitted.map(by -> by.login().user()).orElse(""),
        admitted.map(Admitted::rule).orElse(""),
        standing.phase() == Phase.CLOSED
            ? "closing"
            : standing.phase().name().toLowerCase(Locale.ROOT),
        Duration.between(live.connectedAt(), now).toSeconds(),
        Duration.between(standing.since(), now).toSeconds(),
        transport.tlsVersion(),
        transport.cipher(),
        transport
            .clientCertificate()
            .map(certificate -> certificate.getSubjectX500Principal().getName())
            .orElse(""),
        live.certificateExpiry().map(Instant::toString).orElse(""),
        live.received(),
        live.sent());
  }

  String json() {
    Map<String, Object> members = new LinkedHashMap<>();
    id.ifPresent(value -> members.put("id", value));
    members.put("peer", peer);
    put(members, "user", user);
    put(members, "rule", rule);
    members.put("phase", phase);
    members.put("connectedSeconds", connectedSeconds);
    members.put("phaseSeconds", phaseSeconds);
    put(members, "tlsVersion", tlsVersion);
    put(members, "cipher", cipher);
    put(members, "subject", subject);
    put(members, "expires", expires);
    receivedBytes.ifPresent(value -> members.put("receivedBytes", value));
    sentBytes.ifPresent(value -> members.put("sentBytes", value));
    return Json.line(members);
  }

  private static void put(Map<String, Object> members, String key, String value) {
    if (!value.isEmpty()) {
      members.put(key, value);
    }
  }
}
