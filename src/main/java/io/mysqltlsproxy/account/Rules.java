package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;

/**
 * Who may come in.
 *
 * @param requireSecureTransport whether a plain connection is refused whatever the account
 * @param require what every account demands
 */
public record Rules(boolean requireSecureTransport, Require require) {

  /** The rules that these options describe. */
  public static Rules from(OptionValues values) throws OptionException {
    Require require = Require.from(values);
    boolean hasCa =
        values.get(Options.SSL_CA).isPresent() || values.get(Options.SSL_CAPATH).isPresent();
    if (require == Require.X509 && !hasCa) {
      throw values.wrong(
          Options.REQUIRE,
          "nobody could come in, since no CA says which certificates are good",
          "give --ssl-ca or --ssl-capath");
    }
    return new Rules(values.get(Options.REQUIRE_SECURE_TRANSPORT), require);
  }

  /** Whether the login may go on to the server, with MySQL's own error where it may not. */
  public Decision decide(Login login) {
    Transport transport = login.transport();
    if (requireSecureTransport && !transport.isEncrypted()) {
      return new Refused(
          3159,
          "HY000",
          "Connections using insecure transport are prohibited while"
              + " --require_secure_transport=ON.",
          "the client did not ask for TLS, and require-secure-transport is ON");
    }
    if (require.isMetBy(transport)) {
      return new Admitted(login);
    }
    return new Refused(
        1045,
        "28000",
        "Access denied for user '%s'@'%s' (using password: %s)"
            .formatted(login.user(), login.host(), login.usesPassword() ? "YES" : "NO"),
        "REQUIRE " + require + " is not met: " + whatThereIs(transport));
  }

  private static String whatThereIs(Transport transport) {
    if (!transport.isEncrypted()) {
      return "the connection is not encrypted";
    }
    return "the client showed no certificate";
  }
}
