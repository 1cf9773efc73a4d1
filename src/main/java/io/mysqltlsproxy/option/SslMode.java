package io.mysqltlsproxy.option;

/**
 * How far a server's certificate is verified: those of MySQL's client modes that never fall back to
 * a plain connection.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-mode">MySQL:
 *     --ssl-mode</a>
 */
public enum SslMode {
  /** Encrypted, whoever the server is. */
  REQUIRED,
  /** A CA that is trusted has signed the certificate. */
  VERIFY_CA,
  /** And it is for the host that the connection goes to. */
  VERIFY_IDENTITY;

  /** Whether a certificate is looked at. */
  public boolean verifies() {
    return this != REQUIRED;
  }
}
