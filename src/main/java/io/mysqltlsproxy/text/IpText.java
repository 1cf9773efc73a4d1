package io.mysqltlsproxy.text;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** IP addresses as servers and people write them; nothing is ever resolved. */
public final class IpText {
  private IpText() {}

  /** An IPv4 address that is a number without sign. A Formatter would cost each login more. */
  public static String of(long ipv4) {
    return (ipv4 >> 24)
        + "."
        + (ipv4 >> 16 & 0xFF)
        + "."
        + (ipv4 >> 8 & 0xFF)
        + "."
        + (ipv4 & 0xFF);
  }

  /** In digits, as servers print it: RFC 5952. */
  public static String of(byte[] address) {
    if (address.length == 4) {
      return of(Integer.toUnsignedLong(ByteBuffer.wrap(address).getInt()));
    }
    int[] groups = new int[8];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = (address[2 * i] & 0xFF) << 8 | (address[2 * i + 1] & 0xFF);
    }
    int zeros = 0;
    int firstZero = -1;
    for (int i = 0; i < groups.length; i++) {
      int run = 0;
      while (i + run < groups.length && groups[i + run] == 0) {
        run++;
      }
      if (run > zeros && run > 1) {
        zeros = run;
        firstZero = i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == firstZero) {
        text.append("::");
        i += zeros - 1;
      } else {
        boolean first = text.length() == 0 || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /** In digits, without a zone: {@code 10.0.0.5}, {@code ::1}. */
  public static String of(InetAddress address) {
    return of(address.getAddress());
  }

  /** {@code 10.0.0.5:3307}, {@code [::1]:3307}. */
  public static String withPort(InetSocketAddress address) {
    String host = of(address.getAddress());
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
