package io.mysqltlsproxy.net;

import io.mysqltlsproxy.option.ProxyProtocol;
import io.mysqltlsproxy.text.IpText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Whose connection it is, as a PROXY header says it.
 *
 * @param source the client's address
 * @param destination the address that the client connected to, of the same family
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
public record ProxyHeader(InetSocketAddress source, InetSocketAddress destination) {
  /** With which a header of version 2 begins. */
  static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;

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

  /**
   * The header to send to the server. Where only one of the two addresses is of IPv4, both are sent
   * as IPv6: a header has one family.
   *
   * @param client whose connection it is; empty for one that no client is behind
   */
  public static ByteBuf toServer(
      ProxyProtocol version, Optional<ProxyHeader> client, ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer();
    boolean ipv4 =
        client.filter(ends -> isIpv4(ends.source) && isIpv4(ends.destination)).isPresent();
    if (version == ProxyProtocol.V1) {
      String text = client.map(ends -> ends.text(ipv4)).orElse("UNKNOWN");
      out.writeCharSequence("PROXY " + text + "\r\n", StandardCharsets.US_ASCII);
      return out;
    }
    out.writeBytes(SIGNATURE).writeByte(client.isPresent() ? PROXY : LOCAL);
    if (client.isEmpty()) {
      return out.writeByte(UNSPECIFIED).writeShort(0);
    }
    byte[] source = bytes(client.get().source, ipv4);
    byte[] destination = bytes(client.get().destination, ipv4);
    return out.writeByte(ipv4 ? TCP4 : TCP6)
        .writeShort(source.length + destination.length + 2 * Short.BYTES)
        .writeBytes(source)
        .writeBytes(destination)
        .writeShort(client.get().source.getPort())
        .writeShort(client.get().destination.getPort());
  }

  private String text(boolean ipv4) {
    return (ipv4 ? "TCP4 " : "TCP6 ")
        + IpText.of(bytes(source, ipv4))
        + " "
        + IpText.of(bytes(destination, ipv4))
        + " "
        + source.getPort()
        + " "
        + destination.getPort();
  }

  private static boolean isIpv4(InetSocketAddress end) {
    return end.getAddress() instanceof Inet4Address;
  }

  /** An address as it is, or one of IPv4 as IPv6 writes it, {@code ::ffff:192.0.2.1}. */
  private static byte[] bytes(InetSocketAddress end, boolean asItIs) {
    byte[] address = end.getAddress().getAddress();
    if (asItIs || !isIpv4(end)) {
      return address;
    }
    return ByteBuffer.allocate(16).putShort(10, (short) -1).put(12, address).array();
  }
}
