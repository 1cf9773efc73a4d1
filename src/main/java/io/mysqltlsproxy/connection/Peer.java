package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.ClientHost;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The client's end of its TCP connection.
 *
 * @param address with the port, for the log: {@code 10.0.0.5:41234}
 * @param host without the port, for the rules
 */
record Peer(String address, ClientHost host) {

  static Peer of(SocketAddress remote) {
    if (remote instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String ip = inet.getAddress().getHostAddress();
      String shown = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
      return new Peer(shown + ":" + inet.getPort(), ClientHost.of(inet.getAddress()));
    }
    return new Peer(
        "gone before it could be asked for its address", new ClientHost("unknown", "unknown"));
  }

  @Override
  public String toString() {
    return address;
  }
}
