package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * One plugin's conversation, between a client that believes in TLS and a server that does not. It
 * sees the plugin's own packets only: OK, ERR and AuthSwitchRequest are not among them. What it
 * does not override is relayed.
 */
public interface PluginExchange {
  /** The server asked for this plugin, by an AuthSwitchRequest or an AuthNextFactor. */
  default Step requested() {
    return Step.RELAY;
  }

  /**
   * The plugin's data in the login packet itself, which the client sent unasked.
   *
   * @param maxLength how much the login packet could hold in its place, in bytes
   */
  default Step initialResponse(ByteBuf data, int maxLength) {
    return Step.RELAY;
  }

  /** A packet from the server; the payload's indices stay as they are. */
  default Step fromServer(ByteBuf payload) {
    return Step.RELAY;
  }

  /** A packet from the client; the payload's indices stay as they are. */
  default Step fromClient(ByteBuf payload) {
    return Step.RELAY;
  }

  /** The ERR packet with which the server ends the conversation. */
  default Step denied(ByteBuf payload) throws MalformedPacketException {
    return Step.RELAY;
  }

  /** Forgets what it holds of a password; called in every end, and no matter how often. */
  default void end() {}
}
