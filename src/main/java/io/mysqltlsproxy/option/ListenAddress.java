package io.mysqltlsproxy.option;

import java.net.InetSocketAddress;

/** Where clients connect. */
public final class ListenAddress {
  private ListenAddress() {}

  /**
   * The address that {@code bind-address} and {@code port} name.
   *
   * @throws OptionException when it is a name that nobody has
   */
  public static InetSocketAddress of(OptionValues values) throws OptionException {
    String host = values.get(Options.BIND_ADDRESS);
    int port = values.get(Options.PORT);
    InetSocketAddress address =
        host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw values.wrong(
          Options.BIND_ADDRESS, "no such host", "give an address of this machine, or *");
    }
    return address;
  }

  /** {@code 127.0.0.1:3307}, {@code [::1]:3307}. */
  public static String shown(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
