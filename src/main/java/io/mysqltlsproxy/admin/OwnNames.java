package io.mysqltlsproxy.admin;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names by which a port that listens on loopback only can be meant: an address, {@code
 * localhost}, a name below it (RFC 6761), or another name without a dot. The owner of any other
 * name can have it resolved to 127.0.0.1, so that a browser on this machine takes the port for a
 * part of the owner's site and lets its scripts read the answers (DNS rebinding).
 */
final class OwnNames {
  /** RFC 3986, section 3.2.2: a host, in brackets where it has colons, and a port. */
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:\\[([^\\]]*)\\]|([^:]*))(?::\\d*)?");

  private OwnNames() {}

  /**
   * Whether a request may be for the port.
   *
   * @param host as in the {@code Host} field, or the authority of a URL
   */
  static boolean include(String host) {
    Matcher parts = HOST_AND_PORT.matcher(host);
    if (!parts.matches()) {
      return false;
    }
    if (parts.group(1) != null) {
      return NetUtil.isValidIpV6Address(parts.group(1));
    }
    String name = parts.group(2);
    return name.indexOf('.') < 0
        || name.toLowerCase(Locale.ROOT).endsWith(".localhost")
        || NetUtil.isValidIpV4Address(name);
  }
}
