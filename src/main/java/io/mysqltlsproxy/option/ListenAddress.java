package io.mysqltlsproxy.option;

import io.mysqltlsproxy.text.IpText;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Where clients connect. */
public final class ListenAddress {
  /** Below it Linux wants a privilege. */
  private static final int FIRST_UNPRIVILEGED = 1024;

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
