package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.ClientHost;
import io.mysqltlsproxy.option.Networks;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The client's end of its TCP connection.
 *
 * @param address with the port, for the log: {@code 10.0.0.5:41234}
 * @param host without the port, for the rules
 * @param connection both its ends; empty where it was gone before it could be asked for them
 */
record Peer(String address, ClientHost host, Optional<ProxyHeader> connection) {

  static Peer of(Channel accepted) {
    return ProxyHeader.of(accepted)
        .map(Peer::of)
        .orElseGet(
            () ->
                new Peer(
                    "gone before it could be asked for its address",
                    new ClientHost("unknown", "unknown"),
                    Optional.empty()));
  }

  static Peer of(ProxyHeader connection) {
    InetSocketAddress source = connection.source();
    InetAddress address = source.getAddress();
    String ip = address.getHostAddress();
    String shown = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
    return new Peer(
        shown + ":" + source.getPort(), ClientHost.of(address), Optional.of(connection));
  }

  boolean isIn(Networks networks) {
    return connection.filter(ends -> networks.contain(ends.source().getAddress())).isPresent();
  }

  @Override
  public String toString() {
    return address;
  }
}
