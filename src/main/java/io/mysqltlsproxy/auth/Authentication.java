package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.protocol.AuthSwitchRequest;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * One client's authentication by a server: the plugin that the two speak, which the server may
 * change, and the proof that the client has earned. It says what to do with each packet, and sends
 * and frames nothing.
 */
public final class Authentication {
  private final PluginExchanges plugins;
  private final Admitted admitted;
  private final Optional<PasswordProof> proof;
  private byte[] scramble;
  private String plugin;
  private PluginExchange exchange;

  /**
   * Begins one.
   *
   * @param admitted whom the rules have admitted
   * @param proof of the certificate that the client was shown; empty without TLS
   * @param plugin the one that the client's first packet is made for; empty where the client knows
   *     no plugins
   * @param scramble of the server's greeting
   */
  public Authentication(
      PluginExchanges plugins,
      Admitted admitted,
      Optional<PasswordProof> proof,
      String plugin,
      byte[] scramble) {
    this.plugins = plugins;
    this.admitted = admitted;
    this.proof = proof;
    this.scramble = scramble;
    this.plugin = plugin;
    this.exchange = start();
  }

  private PluginExchange start() {
    return plugins.start(plugin, scramble, admitted.login().transport().isEncrypted());
  }

  /**
   * The response in the client's first packet, which it sent unasked.
   *
   * @param maxLength how much the packet could hold in its place, in bytes
   */
  public Step initialResponse(ByteBuf response, int maxLength) {
    remember(response);
    return exchange.initialResponse(response, maxLength);
  }

  /** A packet from the client. */
  public Step fromClient(ByteBuf payload) {
    remember(payload);
    return exchange.fromClient(payload);
  }

  /** What the client answers shows which password it knows. */
  private void remember(ByteBuf response) {
    proof.ifPresent(each -> each.responded(admitted.hashes(), plugin, response));
  }

  /** The plugin's own packet from the server. */
  public Step fromServer(ByteBuf payload) {
    return exchange.fromServer(payload);
  }

  /** The server goes on with another plugin, or another scramble. */
  public Step switched(AuthSwitchRequest request) {
    if (request.data().length > 0) {
      scramble = request.data();
    }
    plugin = request.pluginName();
    proof.ifPresent(each -> each.switched(request));
    exchange.end();
    exchange = start();
    return exchange.requested();
  }

  /** The ERR packet with which the server ends it. */
  public Step denied(ByteBuf payload) throws MalformedPacketException {
    return exchange.denied(payload);
  }

  /**
   * The proof for the client, once the server has said OK.
   *
   * @return the info of the OK, ASCII; empty where the client gets none
   */
  public Optional<byte[]> proof() {
    return proof.flatMap(each -> each.info(admitted.hashes(), plugin));
  }

  /** Forgets what it holds of a password; called in every end, and no matter how often. */
  public void end() {
    exchange.end();
    proof.ifPresent(PasswordProof::forget);
  }
}
