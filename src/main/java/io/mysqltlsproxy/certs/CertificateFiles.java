package io.mysqltlsproxy.certs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of an authority, with the names that MySQL's documentation and {@code openssl ca} use.
 *
 * @param directory absolute
 */
public record CertificateFiles(Path directory) {
  /** The names of the first two certificates below the authority's. */
  public static final String SERVER = "server";

  public static final String CLIENT = "client";

  static final String AUTHORITY = "ca";

  private static final String CERTIFICATE = "-cert.pem";

  public CertificateFiles {
    directory = directory.toAbsolutePath().normalize();
  }

  /** Whether {@code NAME-cert.pem} can be one more client's. */
  public static boolean isClientName(String name) {
    return name.matches("[A-Za-z0-9_@][A-Za-z0-9_@.-]*")
        && !name.equalsIgnoreCase(AUTHORITY)
        && !name.equalsIgnoreCase(SERVER);
  }

  public Path caCertificate() {
    return certificate(AUTHORITY);
  }

  public Path caKey() {
    return key(AUTHORITY);
  }

  public Path certificate(String name) {
    return directory.resolve(name + CERTIFICATE);
  }

  /** The name of a certificate's files, where the file is one's. */
  static Optional<String> name(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(CERTIFICATE) && !name.startsWith(".")
        ? Optional.of(name.substring(0, name.length() - CERTIFICATE.length()))
        : Optional.empty();
  }

  public Path key(String name) {
    return directory.resolve(name + "-key.pem");
  }

  /** The list of what is revoked. */
  public Path crl() {
    return directory.resolve("crl.pem");
  }

  /** The authority's key before the present one, as long as its certificate is trusted. */
  Path previousCaKey() {
    return directory.resolve("ca-key.previous.pem");
  }

  /** What was signed: {@code openssl ca}'s database. */
  Path index() {
    return directory.resolve("index.txt");
  }

  /** How {@code openssl ca} is to read the database. */
  Path indexAttributes() {
    return directory.resolve("index.txt.attr");
  }

  /** The number of the next list, in hexadecimal. */
  Path crlNumber() {
    return directory.resolve("crlnumber");
  }

  /** Locked while the others change. */
  Path lock() {
    return directory.resolve(".certs.lock");
  }
}
