package io.mysqltlsproxy.catalogue;

import io.mysqltlsproxy.testing.ProxyCertificates;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a client tries to log in.
 *
 * @param tls whether it asks for TLS
 * @param certificate the base of its files, {@code laura} for laura.pem and laura-key.pem and
 *     laura.p12; empty for none
 * @param ca with which it verifies the proxy; empty where it does not
 * @param version {@code TLSv1.2}, the only one that it offers; empty for its own choice
 * @param cipher by OpenSSL's name, the only one before TLSv1.3 that it offers
 */
record Attempt(
    String user,
    String password,
    String database,
    boolean tls,
    Optional<Path> certificate,
    Optional<Path> ca,
    Optional<String> version,
    Optional<String> cipher) {

  /** As the user app with the right password, on TLS with a certificate that is good. */
  static Attempt good() {
    return new Attempt(
        "app",
        "secret",
        "",
        true,
        Optional.of(TestFiles.GOOD),
        Optional.of(ProxyCertificates.shared().ca()),
        Optional.empty(),
        Optional.empty());
  }

  Attempt as(String name) {
    return new Attempt(name, password, database, tls, certificate, ca, version, cipher);
  }

  Attempt password(String text) {
    return new Attempt(user, text, database, tls, certificate, ca, version, cipher);
  }

  Attempt database(String name) {
    return new Attempt(user, password, name, tls, certificate, ca, version, cipher);
  }

  Attempt plain() {
    return new Attempt(
        user, password, database, false, Optional.empty(), Optional.empty(), version, cipher);
  }

  Attempt certificate(Path base) {
    return new Attempt(user, password, database, tls, Optional.of(base), ca, version, cipher);
  }

  Attempt withoutCertificate() {
    return new Attempt(user, password, database, tls, Optional.empty(), ca, version, cipher);
  }

  Attempt trusting(Path file) {
    return new Attempt(
        user, password, database, tls, certificate, Optional.of(file), version, cipher);
  }

  Attempt only(String tlsVersion) {
    return new Attempt(
        user, password, database, tls, certificate, ca, Optional.of(tlsVersion), cipher);
  }

  Attempt onlyCipher(String name) {
    return new Attempt(
        user, password, database, tls, certificate, ca, Optional.of("TLSv1.2"), Optional.of(name));
  }
}
