package io.mysqltlsproxy.connection;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The client's end of its TCP connection.
 *
 * @param address with the port, for the log: {@code 10.0.0.5:41234}
 * @param host as MySQL prints it in an account: the address, or {@code localhost} for a loopback
 *     one
 */
record Peer(String address, String host) {

  static Peer of(SocketAddress remote) {
    if (remote instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String ip = inet.getAddress().getHostAddress();
      String host = inet.getAddress().isLoopbackAddress() ? "localhost" : ip;
      String shown = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
      return new Peer(shown + ":" + inet.getPort(), host);
    }
    return new Peer("gone before it could be asked for its address", "unknown");
  }

  @Override
  public String toString() {
    return address;
  }
}
