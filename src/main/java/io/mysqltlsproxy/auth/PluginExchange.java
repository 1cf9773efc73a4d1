package io.mysqltlsproxy.auth;

import io.netty.buffer.ByteBuf;

/**
 * One plugin's conversation, between a client that believes in TLS and a server that does not. It
 * sees the plugin's own packets only: OK, ERR and AuthSwitchRequest are not among them.
 */
public interface PluginExchange {
  /** The server asked for this plugin, by an AuthSwitchRequest or an AuthNextFactor. */
  Step requested();

  /** The plugin's data in the login packet itself, which the client sent unasked. */
  Step initialResponse(ByteBuf data);

  /** A packet from the server; the payload's indices stay as they are. */
  Step fromServer(ByteBuf payload);

  /** A packet from the client; the payload's indices stay as they are. */
  Step fromClient(ByteBuf payload);

  /** Forgets what it holds of a password. */
  void end();
}
