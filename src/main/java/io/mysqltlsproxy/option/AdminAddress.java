package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;

/**
 * Where the admin port listens.
 *
 * @param host a name or an IP address, an IPv6 address without brackets
 * @param port 0 picks a free one
 */
public record AdminAddress(String host, int port) {

  /** Reads HOST:PORT or [IPV6]:PORT. */
  static AdminAddress parse(String text) throws InvalidValueException {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (colon < 0 || !(bracketed ? ValueParsers.isIpv6(host) : ValueParsers.isHost(host))) {
      throw new InvalidValueException(
          "not an address with a port", "give HOST:PORT or [IPV6]:PORT");
    }
    return new AdminAddress(host, ValueParsers.port(0).parse(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
