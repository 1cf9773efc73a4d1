package io.mysqltlsproxy.account;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What is known of a client's connection.
 *
 * @param tlsVersion {@code TLSv1.3}; empty on a plain connection
 * @param cipher OpenSSL's name; empty on a plain connection
 * @param clientCertificate what the client has shown, verified against the CA and valid now
 */
public record Transport(
    String tlsVersion, String cipher, Optional<X509Certificate> clientCertificate) {

  /** A connection without TLS. */
  public static final Transport PLAIN = new Transport("", "", Optional.empty());

  public boolean isEncrypted() {
    return !tlsVersion.isEmpty();
  }
}
