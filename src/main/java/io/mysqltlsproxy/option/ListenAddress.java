package io.mysqltlsproxy.option;

import io.mysqltlsproxy.text.IpText;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.Locale;

/** Where clients connect. */
public final class ListenAddress {
  /** Below it Linux wants a privilege. */
  private static final int FIRST_UNPRIVILEGED = 1024;

  private ListenAddress() {}

  /**
   * The address that {@code bind-address} and {@code port} name.
   *
   * @throws OptionException when it is a name that nobody has, or where plain clients would come
   *     from other machines and nobody has allowed that
   */
  public static InetSocketAddress of(OptionValues values) throws OptionException {
    String host = values.get(Options.BIND_ADDRESS);
    int port = values.get(Options.PORT);
    InetSocketAddress address =
        host.equals("*")
            ? new InetSocketAddress(everyAddress(), port)
            : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw values.wrong(
          Options.BIND_ADDRESS, "no such host", "give an address of this machine, or *");
    }
    if (values.areOf(OptionSet.CONNECT)
        && !address.getAddress().isLoopbackAddress()
        && !values.get(ConnectOptions.ALLOW_REMOTE_CLIENTS)) {
      throw values.wrong(
          Options.BIND_ADDRESS,
          "not a loopback address: what clients elsewhere send, passwords included, would cross"
              + " the network unencrypted",
          "give 127.0.0.1 or ::1, or --allow-remote-clients=ON");
    }
    return address;
  }

  /** {@code ::}, which takes IPv4 clients too; {@code 0.0.0.0} where the kernel has no IPv6. */
  private static InetAddress everyAddress() {
    try {
      ServerSocketChannel.open(StandardProtocolFamily.INET6).close();
      return InetAddress.getByName("::");
    } catch (IOException | UnsupportedOperationException e) {
      return new InetSocketAddress(0).getAddress();
    }
  }

  /**
   * Listens there as the proxy does, and closes again.
   *
   * @throws BindException when it cannot be listened at
   */
  public static void probe(InetSocketAddress address) throws IOException {
    StandardProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? StandardProtocolFamily.INET
            : StandardProtocolFamily.INET6;
    try (ServerSocketChannel listener = ServerSocketChannel.open(family)) {
      listener.bind(address);
    }
  }

  /**
   * What to do when an address cannot be listened at, as a clause.
   *
   * @param reason the system's own words: {@code Address already in use}
   */
  public static String hint(String reason, int port) {
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("permission") && port > 0 && port < FIRST_UNPRIVILEGED) {
      return ProcessUser.described()
          + " may not listen below port "
          + FIRST_UNPRIVILEGED
          + ": choose a greater port, or give the service CAP_NET_BIND_SERVICE";
    }
    if (lower.contains("in use")) {
      return "choose another port, or stop the process that is using it (ss -ltnp shows it)";
    }
    if (lower.contains("assign")) {
      return "give an address of this machine (ip address shows them), or *";
    }
    return "choose another address or port";
  }

  /** {@code 127.0.0.1:3307}, {@code [::1]:3307}. */
  public static String shown(InetSocketAddress address) {
    return IpText.withPort(address);
  }
}
