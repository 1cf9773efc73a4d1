package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.tls.trust.ClientCertificateVerifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a session may be resumed: only at a proxy that shows the same certificate and trusts the
 * same authorities. Elsewhere the client makes a full handshake, in which it verifies the server,
 * and the server its certificate by its own authorities. A proxy that asks for no certificate would
 * not look at one that came in a ticket.
 */
final class SessionScope {
  private SessionScope() {}

  /** A session id context: 32 bytes, as many as there may be. */
  static byte[] of(
      OwnCertificate certificate, Optional<ClientCertificateVerifier> clientsVerifier) {
    MessageDigest whole = sha256();
    whole.update("mysql-tls-proxy".getBytes(StandardCharsets.US_ASCII));
    whole.update(digest(certificate.chain().get(0)));
    List<byte[]> authorities = new ArrayList<>();
    clientsVerifier.ifPresent(
        verifier -> {
          for (X509Certificate authority : verifier.getAcceptedIssuers()) {
            authorities.add(digest(authority));
          }
        });
    authorities.sort(Arrays::compare); // in a directory they have no order
    authorities.forEach(whole::update);
    return whole.digest();
  }

  private static byte[] digest(X509Certificate certificate) {
    try {
      return sha256().digest(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("it was read from its encoding", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
