package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.net.ClientAddress;
import io.mysqltlsproxy.protocol.ConnectionAttributes;
import io.mysqltlsproxy.protocol.ConnectionAttributes.Attribute;
import io.mysqltlsproxy.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the server is told about a client, in the words of the audit line: its address, its TLS
 * session and certificate, and the rule that admitted it. The first four say who it is. They fit
 * into the 512 bytes of attributes that a server keeps by default, however long the values are.
 */
final class ClientAttributes {
  private static final int MAX_FIRST = 100;
  private static final int MAX_LAST = 250;

  private ClientAttributes() {}

  /** For a login or a change of user that the rules have admitted; empty where none are told. */
  static Optional<ConnectionAttributes> of(
      ConnectionSettings settings, ClientAddress peer, Authenticating phase) {
    Session session = phase.session();
    return settings.clientAttributes() && session.greeting().takesAttributes(session.capabilities())
        ? Optional.of(of(peer, session.transport(), phase.ruling()))
        : Optional.empty();
  }

  private static ConnectionAttributes of(ClientAddress peer, Transport transport, Ruling ruling) {
    Optional<CertificateTexts> certificate = ruling.audit().certificate();
    List<Attribute> first = new ArrayList<>();
    add(first, "_client_ip", peer.host().address(), MAX_FIRST);
    certificate.ifPresent(
        shown -> {
          add(first, "_client_cert_subject", shown.subject(), MAX_FIRST);
          add(first, "_client_cert_fingerprint", shown.fingerprint(), MAX_FIRST);
        });
    add(first, "_client_rule", ruling.decision().rule(), MAX_FIRST);

    List<Attribute> last = new ArrayList<>();
    peer.connection()
        .map(ends -> String.valueOf(ends.source().getPort()))
        .ifPresent(port -> add(last, "_client_port", port, MAX_LAST));
    add(last, "_client_ssl_version", transport.tlsVersion(), MAX_LAST);
    add(last, "_client_ssl_cipher", transport.cipher(), MAX_LAST);
    certificate.ifPresent(
        shown -> {
          add(last, "_client_cert_serial", shown.serial(), MAX_LAST);
          add(last, "_client_cert_issuer", shown.issuer(), MAX_LAST);
          add(last, "_client_cert_san", shown.san(), MAX_LAST);
        });
    return new ConnectionAttributes(first, last);
  }

  private static void add(List<Attribute> to, String name, String value, int maxLength) {
    if (!value.isEmpty()) {
      to.add(new Attribute(name, Printable.bounded(value), maxLength));
    }
  }
}
