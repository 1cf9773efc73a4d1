package io.mysqltlsproxy.net;

import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.option.Networks;
import io.mysqltlsproxy.text.IpText;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The client's end of its connection.
 *
 * @param address with the port, for the log: {@code 10.0.0.5:41234}
 * @param host without the port, for the rules
 * @param connection both its ends; empty where it was gone before it could be asked for them
 * @param user of the Unix socket, unsigned; empty where the client came by TCP
 */
public record ClientAddress(
    String address, ClientHost host, Optional<ProxyHeader> connection, OptionalInt user) {

  public static ClientAddress of(Channel accepted) {
    return ProxyHeader.of(accepted)
        .map(ClientAddress::of)
        .or(() -> UnixPeer.of(accepted).map(ClientAddress::of))
        .orElseGet(
            () ->
                new ClientAddress(
                    "gone before it could be asked for its address",
                    new ClientHost("unknown", "unknown"),
                    Optional.empty(),
                    OptionalInt.empty()));
  }

  /** As in MySQL, a client of the Unix socket comes from localhost. */
  private static ClientAddress of(UnixPeer peer) {
    return new ClientAddress(
        "the Unix socket, user " + Integer.toUnsignedString(peer.user()),
        new ClientHost("localhost", "localhost"),
        Optional.empty(),
        OptionalInt.of(peer.user()));
  }

  public static ClientAddress of(ProxyHeader connection) {
    InetSocketAddress source = connection.source();
    InetAddress address = source.getAddress();
    return new ClientAddress(
        IpText.withPort(source),
        ClientHost.of(address),
        Optional.of(connection),
        OptionalInt.empty());
  }

  public boolean isIn(Networks networks) {
    return connection.filter(ends -> networks.contain(ends.source().getAddress())).isPresent();
  }

  @Override
  public String toString() {
    return address;
  }
}
