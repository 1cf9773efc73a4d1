package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;

/**
 * Knows which plugins need help.
 *
 * @param serverIsUnixSocket whether the server is reached by a Unix socket, which
 *     caching_sha2_password counts as secure, and on which nothing crosses a network
 * @param clearPasswordAllowed whether mysql_clear_password may send a password over TCP
 * @param keys the server's RSA key
 */
public record PluginExchanges(
    boolean serverIsUnixSocket, boolean clearPasswordAllowed, ServerKeys keys) {

  /**
   * As the options say.
   *
   * @throws OptionException when the file of the server's key cannot be used
   */
  public static PluginExchanges load(OptionValues values) throws OptionException {
    return new PluginExchanges(
        values.get(Options.BACKEND) instanceof Backend.UnixSocket,
        values.get(Options.ENABLE_CLEARTEXT_PLUGIN),
        ServerKeys.load(values));
  }

  /**
   * The conversation of a plugin.
   *
   * @param plugin its name, as the client or an AuthSwitchRequest gave it
   * @param scramble the latest that the server sent
   * @param clientOnTls false for a plain client, which does all that is needed itself
   */
  public PluginExchange start(String plugin, byte[] scramble, boolean clientOnTls) {
    return switch (plugin) {
      case "caching_sha2_password" ->
          clientOnTls && !serverIsUnixSocket
              ? RsaExchange.cachingSha2(scramble, keys)
              : OpaqueExchange.CACHING_SHA2;
      case "sha256_password" ->
          clientOnTls ? RsaExchange.sha256(scramble, keys) : OpaqueExchange.ANY;
      case "mysql_clear_password" ->
          clientOnTls && !serverIsUnixSocket && !clearPasswordAllowed
              ? new ClearPasswordExchange()
              : OpaqueExchange.ANY;
      default -> OpaqueExchange.ANY;
    };
  }
}
