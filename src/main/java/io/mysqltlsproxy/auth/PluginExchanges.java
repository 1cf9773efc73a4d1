package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSet;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.util.Optional;

/**
 * Knows which plugins need help.
 *
 * @param serverIsUnixSocket whether the server is reached by a Unix socket, which
 *     caching_sha2_password counts as secure, and on which nothing crosses a network
 * @param clearPasswordAllowed whether mysql_clear_password may send a password over TCP
 * @param keys the server's RSA key
 * @param ownKey the proxy's, for plain clients of a server on TLS; empty where it is not on TLS
 */
public record PluginExchanges(
    boolean serverIsUnixSocket,
    boolean clearPasswordAllowed,
    ServerKeys keys,
    Optional<OwnRsaKey> ownKey) {

  /**
   * As the options say.
   *
   * @throws OptionException when the file of the server's key cannot be used
   */
  public static PluginExchanges load(OptionValues values) throws OptionException {
    if (values.areOf(OptionSet.CONNECT)) {
      return new PluginExchanges(false, false, ServerKeys.NONE, Optional.of(OwnRsaKey.make()));
    }
    return new PluginExchanges(
        values.get(Options.BACKEND) instanceof Backend.UnixSocket,
        values.get(Options.ENABLE_CLEARTEXT_PLUGIN),
        ServerKeys.load(values),
        Optional.empty());
  }

  /**
   * The conversation of a plugin.
   *
   * @param plugin its name, as the client or an AuthSwitchRequest gave it
   * @param scramble the latest that the server sent
   * @param clientOnTls false for a plain client, which does all that is needed itself
   */
  public PluginExchange start(String plugin, byte[] scramble, boolean clientOnTls) {
    return ownKey
        .map(key -> towardsTls(plugin, scramble, key))
        .orElseGet(() -> towardsPlain(plugin, scramble, clientOnTls));
  }

  /** The client believes that it talks to a server without TLS, and has decided what to show it. */
  private static PluginExchange towardsTls(String plugin, byte[] scramble, OwnRsaKey key) {
    return switch (plugin) {
      case "caching_sha2_password" -> new DecryptingExchange(Sha2Plugin.CACHING, scramble, key);
      case "sha256_password" -> new DecryptingExchange(Sha2Plugin.SHA256, scramble, key);
      default -> OpaqueExchange.ANY;
    };
  }

  private PluginExchange towardsPlain(String plugin, byte[] scramble, boolean clientOnTls) {
    return switch (plugin) {
      case "caching_sha2_password" ->
          clientOnTls && !serverIsUnixSocket
              ? new RsaExchange(Sha2Plugin.CACHING, scramble, keys)
              : OpaqueExchange.CACHING_SHA2;
      case "sha256_password" ->
          clientOnTls ? new RsaExchange(Sha2Plugin.SHA256, scramble, keys) : OpaqueExchange.ANY;
      case "mysql_clear_password" ->
          clientOnTls && !serverIsUnixSocket && !clearPasswordAllowed
              ? new ClearPasswordExchange()
              : OpaqueExchange.ANY;
      default -> OpaqueExchange.ANY;
    };
  }
}
