package io.mysqltlsproxy.account.host;

import io.mysqltlsproxy.text.IpText;
import java.net.InetAddress;

/**
 * Where a client comes from. No name is ever resolved.
 *
 * @param name as MySQL prints it in an account: {@code localhost} for a loopback address, else the
 *     address
 * @param address in digits: {@code 10.0.0.7}, {@code fe80::1}
 */
public record ClientHost(String name, String address) {

  public static ClientHost of(InetAddress client) {
    String address = IpText.of(client);
    return new ClientHost(client.isLoopbackAddress() ? "localhost" : address, address);
  }

  /** The IPv4 address as a number without sign; -1 where it is none. */
  long ipv4() {
    return Addresses.ipv4(address);
  }

  @Override
  public String toString() {
    return name;
  }
}
