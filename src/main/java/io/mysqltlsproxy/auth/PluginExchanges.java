package io.mysqltlsproxy.auth;

/**
 * Knows which plugins need help.
 *
 * @param serverIsUnixSocket whether the server is reached by a Unix socket, which
 *     caching_sha2_password counts as secure, and on which nothing crosses a network
 */
public record PluginExchanges(boolean serverIsUnixSocket) {

  /**
   * The conversation of a plugin.
   *
   * @param plugin its name, as the client or an AuthSwitchRequest gave it
   * @param scramble the latest that the server sent
   * @param clientOnTls false for a plain client, which does all that is needed itself
   */
  public PluginExchange start(String plugin, byte[] scramble, boolean clientOnTls) {
    if (!clientOnTls) {
      return OpaqueExchange.INSTANCE;
    }
    return switch (plugin) {
      case "sha256_password" -> RsaExchange.sha256(scramble);
      case "caching_sha2_password" ->
          serverIsUnixSocket ? OpaqueExchange.INSTANCE : RsaExchange.cachingSha2(scramble);
      case "mysql_clear_password" ->
          serverIsUnixSocket ? OpaqueExchange.INSTANCE : new ClearPasswordExchange();
      default -> OpaqueExchange.INSTANCE;
    };
  }
}
