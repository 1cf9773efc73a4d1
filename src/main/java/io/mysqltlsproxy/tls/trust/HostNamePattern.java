package io.mysqltlsproxy.tls.trust;

import java.util.Locale;

/**
 * Whether a name in a certificate stands for a host, by the rules of OpenSSL's {@code
 * X509_check_host} without flags: letters of either case are alike; one {@code *} is taken in the
 * first label, at its beginning or end, with two more labels behind it, and stands for characters
 * of one label.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/X509_check_host/">OpenSSL: X509_check_host</a>
 */
final class HostNamePattern {
  private static final String IDNA = "xn--";

  private final String pattern;
  private final int star;
  private final boolean ascii;

  HostNamePattern(String written) {
    // Beyond ASCII there are letters whose lower case is in ASCII: the Kelvin sign is a k.
    ascii = written.chars().allMatch(each -> each < 128);
    pattern = written.toLowerCase(Locale.ROOT);
    star = isWildcard(pattern) ? pattern.indexOf('*') : -1;
  }

  /** Whether it stands for the host. */
  boolean matches(String name) {
    String host = name.toLowerCase(Locale.ROOT);
    if (!ascii) {
      return false;
    }
    return star < 0 ? pattern.equals(host) : matchesStar(host);
  }

  private static boolean isWildcard(String pattern) {
    int star = pattern.indexOf('*');
    int dot = pattern.indexOf('.');
    if (star < 0 || star != pattern.lastIndexOf('*') || dot < star) {
      return false;
    }
    boolean atEdge = star == 0 || star == dot - 1;
    String[] labels = pattern.split("\\.", -1);
    if (!atEdge || labels.length < 3 || labels[0].startsWith(IDNA)) {
      return false;
    }
    // What the star stands for may come before a hyphen, but not after one.
    String first = star == 0 ? "a" + labels[0].substring(1) : labels[0].substring(0, star);
    if (!isLabel(first)) {
      return false;
    }
    for (int i = 1; i < labels.length; i++) {
      if (!isLabel(labels[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLabel(String label) {
    return label.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  }

  private boolean matchesStar(String host) {
    String before = pattern.substring(0, star);
    String behind = pattern.substring(star + 1);
    if (host.length() < before.length() + behind.length()
        || !host.startsWith(before)
        || !host.endsWith(behind)) {
      return false;
    }
    String matched = host.substring(before.length(), host.length() - behind.length());
    boolean wholeLabel = before.isEmpty() && behind.startsWith(".");
    if (wholeLabel ? matched.isEmpty() : host.startsWith(IDNA)) {
      return false;
    }
    return matched.matches("[a-z0-9-]*");
  }
}
