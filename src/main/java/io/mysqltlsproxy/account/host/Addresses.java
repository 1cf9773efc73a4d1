package io.mysqltlsproxy.account.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses that are texts, as numbers; nothing is ever resolved. */
public final class Addresses {
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]{1,44}");

  private Addresses() {}

  /** An IPv4 address as a number without sign; -1 where the text is none. */
  static long ipv4(String text) {
    long address = 0;
    int parts = 0;
    int at = 0;
    while (true) {
      int start = at;
      int part = 0;
      while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
        part = part * 10 + text.charAt(at++) - '0';
      }
      boolean hasLeadingZero = at - start > 1 && text.charAt(start) == '0';
      if (at == start || hasLeadingZero || part > 255) {
        return -1;
      }
      address = address << 8 | part;
      if (++parts == 4) {
        return at == text.length() ? address : -1;
      }
      if (at == text.length() || text.charAt(at++) != '.') {
        return -1;
      }
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The bytes of an address in digits, 4 or 16. */
  public static Optional<byte[]> bytes(String text) {
    long ipv4 = ipv4(text);
    if (ipv4 >= 0) {
      return Optional.of(
          new byte[] {(byte) (ipv4 >> 24), (byte) (ipv4 >> 16), (byte) (ipv4 >> 8), (byte) ipv4});
    }
    if (text.indexOf(':') < 0 || !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      // What begins like this and holds a colon is parsed as a literal and never looked up.
      return Optional.of(InetAddress.getByName(text).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
