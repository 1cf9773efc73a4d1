package io.mysqltlsproxy.net;

import io.mysqltlsproxy.option.ProxyProtocol;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Whose connection it is, as a PROXY header says it.
 *
 * @param source the client's address
 * @param destination the address that the client connected to, of the same family
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
public record ProxyHeader(InetSocketAddress source, InetSocketAddress destination) {

  /** What an accepted connection's own addresses say; empty where the client is gone already. */
  static Optional<ProxyHeader> of(Channel accepted) {
    return accepted.remoteAddress() instanceof InetSocketAddress source
            && accepted.localAddress() instanceof InetSocketAddress destination
        ? Optional.of(new ProxyHeader(source, destination))
        : Optional.empty();
  }

  /** What a header says; empty for LOCAL and for addresses that are not of TCP. */
  static Optional<ProxyHeader> of(HAProxyMessage message) {
    boolean tcp =
        message.proxiedProtocol() == HAProxyProxiedProtocol.TCP4
            || message.proxiedProtocol() == HAProxyProxiedProtocol.TCP6;
    if (message.command() == HAProxyCommand.LOCAL || !tcp) {
      return Optional.empty();
    }
    return Optional.of(
        new ProxyHeader(
            address(message.sourceAddress(), message.sourcePort()),
            address(message.destinationAddress(), message.destinationPort())));
  }

  private static InetSocketAddress address(String text, int port) {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
    if (address == null) {
      throw new HAProxyProtocolException("'" + text + "' is not an address");
    }
    return new InetSocketAddress(address, port);
  }

  /** The header of a connection that no client is behind. */
  public static HAProxyMessage ofTheProxyItself(ProxyProtocol version) {
    return version == ProxyProtocol.V1
        ? new HAProxyMessage(
            HAProxyProtocolVersion.V1,
            HAProxyCommand.PROXY,
            HAProxyProxiedProtocol.UNKNOWN,
            null,
            null,
            0,
            0)
        : new HAProxyMessage(
            HAProxyProtocolVersion.V2,
            HAProxyCommand.LOCAL,
            HAProxyProxiedProtocol.UNKNOWN,
            null,
            null,
            0,
            0);
  }

  /** The header to send on. */
  public HAProxyMessage message(ProxyProtocol version) {
    boolean ipv4 = source.getAddress() instanceof Inet4Address;
    return new HAProxyMessage(
        version == ProxyProtocol.V1 ? HAProxyProtocolVersion.V1 : HAProxyProtocolVersion.V2,
        HAProxyCommand.PROXY,
        ipv4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
        NetUtil.toAddressString(source.getAddress()),
        NetUtil.toAddressString(destination.getAddress()),
        source.getPort(),
        destination.getPort());
  }
}
