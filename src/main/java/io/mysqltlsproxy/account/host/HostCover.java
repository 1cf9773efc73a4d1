package io.mysqltlsproxy.account.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether one host of an account takes in all clients of another, or some. */
public final class HostCover {
  private static final Pattern NETWORK_AS_TEXT = Pattern.compile("((?:[0-9]{1,3}\\.){1,3})%");

  private HostCover() {}

  /** Never true where it is not so; patterns with {@code _} may be missed. */
  public static boolean covers(HostPattern wide, HostPattern narrow) {
    if (wide.text().equals("%") || wide.text().isEmpty() || wide.text().equals(narrow.text())) {
      return true;
    }
    if (!wide.isNetwork()) {
      boolean network = narrow.isNetwork() && narrow.kind() != HostPattern.Kind.ADDRESS;
      return covers(wide.text(), network ? octets(narrow) : narrow.text());
    }
    if (!narrow.isNetwork()) {
      Matcher octets = NETWORK_AS_TEXT.matcher(narrow.text());
      return octets.matches() && contains(wide, octets.group(1));
    }
    return (narrow.mask() & wide.mask()) == wide.mask()
        && (narrow.address() & wide.mask()) == wide.address();
  }

  /** The least pattern of whole octets that takes in a network: {@code 10.0.%}. */
  private static String octets(HostPattern network) {
    int fixed = Long.bitCount(network.mask()) / 8;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fixed; i++) {
      text.append(network.address() >> (24 - 8 * i) & 0xFF).append('.');
    }
    return text.append('%').toString();
  }

  private static boolean contains(HostPattern network, String octets) {
    int given = octets.split("\\.").length;
    long first = Addresses.ipv4(octets + "0.0.0".substring(0, 2 * (4 - given) - 1));
    long mask = 0xFFFFFFFFL << (32 - 8 * given) & 0xFFFFFFFFL;
    return first >= 0
        && (mask & network.mask()) == network.mask()
        && (first & network.mask()) == network.address();
  }

  /**
   * The wildcards of the narrow pattern are taken for characters, which only {@code %} takes in.
   */
  private static boolean covers(String wide, String narrow) {
    if (wide.indexOf('%') < 0) {
      return false;
    }
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < wide.length(); i++) {
      char c = wide.charAt(i);
      if (c == '_' || c == '\\') {
        return false;
      }
      regex.append(c == '%' ? ".*" : Pattern.quote(String.valueOf(c)));
    }
    return narrow.matches(regex.toString());
  }
}
