package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.protocol.ErrPacket;
import io.netty.buffer.ByteBuf;

/**
 * mysql_clear_password towards a server over TCP: there is no form of it that hides the password.
 */
final class ClearPasswordExchange implements PluginExchange {
  private static final Step REFUSE =
      new Step.Refuse(
          ErrPacket.unknown(
              "mysql-tls-proxy: the account uses mysql_clear_password, and its password would cross"
                  + " the network to the server unencrypted; connect the proxy to the server by a"
                  + " Unix socket, give the account another plugin, or allow it with"
                  + " --enable-cleartext-plugin=ON"));

  @Override
  public Step requested() {
    return REFUSE;
  }

  @Override
  public Step initialResponse(ByteBuf data, int maxLength) {
    return data.isReadable() ? REFUSE : Step.RELAY;
  }

  @Override
  public Step fromServer(ByteBuf payload) {
    return REFUSE;
  }

  @Override
  public Step fromClient(ByteBuf payload) {
    return REFUSE;
  }
}
