package io.mysqltlsproxy.account;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.util.Locale;

/**
 * What an account demands of its connection, as MySQL's REQUIRE clause says it.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/create-user.html#create-user-tls">MySQL:
 *     CREATE USER SSL/TLS Options</a>
 */
public enum Require {
  /** Anything will do. */
  NONE,
  /** The connection is encrypted. */
  SSL,
  /** The client has shown a certificate that the CA vouches for. */
  X509;

  /** The clause of {@code --require}, or its default, which follows require-secure-transport. */
  public static Require from(OptionValues values) throws OptionException {
    var clause = values.get(Options.REQUIRE);
    if (clause.isEmpty()) {
      return values.get(Options.REQUIRE_SECURE_TRANSPORT) ? SSL : NONE;
    }
    try {
      return valueOf(clause.get().strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw values.wrong(Options.REQUIRE, "no such clause", "write NONE, SSL or X509");
    }
  }

  boolean isMetBy(Transport transport) {
    return switch (this) {
      case NONE -> true;
      case SSL -> transport.isEncrypted();
      case X509 -> transport.clientCertificate().isPresent();
    };
  }
}
