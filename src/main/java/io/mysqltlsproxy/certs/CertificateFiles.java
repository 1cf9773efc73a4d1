package io.mysqltlsproxy.certs;

import java.nio.file.Path;

/**
 * The files of an authority, with the names that MySQL's documentation and {@code openssl ca} use.
 *
 * @param directory absolute
 */
public record CertificateFiles(Path directory) {
  /** The names of the first two certificates below the authority's. */
  public static final String SERVER = "server";

  public static final String CLIENT = "client";

  private static final String AUTHORITY = "ca";

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
    return directory.resolve(name + "-cert.pem");
  }

  public Path key(String name) {
    return directory.resolve(name + "-key.pem");
  }

  /** The list of what is revoked. */
  public Path crl() {
    return directory.resolve("crl.pem");
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
