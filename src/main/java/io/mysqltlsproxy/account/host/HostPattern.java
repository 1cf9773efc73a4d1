package io.mysqltlsproxy.account.host;

import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.IpText;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * The host of an account: an address, a network, a name, or a pattern with {@code %} and {@code _}.
 *
 * @param text as written, in lower case; without its host part an account has {@code %}
 * @param kind how it is compared, in the order in which servers try them
 * @param address of an IPv4 address or network, else 0
 * @param mask of an IPv4 address or network, else 0
 * @param rank of two that are no IPv4 address or network, the greater is tried first
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/connection-access.html">MySQL: Access
 *     Control, Stage 1: Connection Verification</a>
 */
public record HostPattern(String text, Kind kind, long address, long mask, int rank) {

  enum Kind {
    ADDRESS,

    /** {@code 10.0.0.7%}: MySQL takes it for an address when it sorts, not when it matches. */
    ADDRESS_AND_MORE,
    CIDR,
    NETMASK,
    TEXT
  }

  /** Most specific first: the order of MySQL 8.0's {@code sql_auth_cache.cc}, without the user. */
  public static final Comparator<HostPattern> SPECIFIC_FIRST =
      Comparator.comparing(HostPattern::kind)
          .thenComparing(HostPattern::mask, Comparator.reverseOrder())
          .thenComparing(HostPattern::rank, Comparator.reverseOrder());

  public static final HostPattern ANY = new HostPattern("%", Kind.TEXT, 0, 0, 1);

  private static final int MAX_LENGTH = 255;
  private static final long FULL_MASK = 0xFFFFFFFFL;
  private static final int RANK_OF_A_NAME = 128;

  /**
   * Reads the host part.
   *
   * @throws InvalidNotationException where it is a network that no client could be in
   */
  public static HostPattern parse(String written) throws InvalidNotationException {
    String text = written.toLowerCase(Locale.ROOT);
    if (text.length() > MAX_LENGTH) {
      throw new InvalidNotationException(
          "is longer than a host's name", "write at most " + MAX_LENGTH + " characters");
    }
    if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
      throw new InvalidNotationException("contains a space or a control character", "leave it out");
    }
    long address = Addresses.ipv4(text);
    if (address > 0) {
      return new HostPattern(text, Kind.ADDRESS, address, FULL_MASK, RANK_OF_A_NAME);
    }
    if (text.indexOf('/') >= 0) {
      return network(text);
    }
    Optional<byte[]> ipv6 = text.indexOf(':') < 0 ? Optional.empty() : Addresses.bytes(text);
    String canonical = ipv6.map(IpText::of).orElse(text);
    if (Addresses.ipv4(canonical) > 0) {
      return parse(canonical);
    }
    Kind kind = beginsWithAddress(canonical) ? Kind.ADDRESS_AND_MORE : Kind.TEXT;
    return new HostPattern(canonical, kind, 0, 0, rank(canonical));
  }

  private static boolean beginsWithAddress(String text) {
    int end = 0;
    while (end < text.length() && "0123456789.".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    return Addresses.ipv4(text.substring(0, end)) > 0;
  }

  private static HostPattern network(String text) throws InvalidNotationException {
    int slash = text.indexOf('/');
    long address = Addresses.ipv4(text.substring(0, slash));
    String width = text.substring(slash + 1);
    boolean isCidr = width.matches("[0-9]|[12][0-9]|3[0-2]");
    long mask =
        isCidr ? FULL_MASK << (32 - Integer.parseInt(width)) & FULL_MASK : Addresses.ipv4(width);
    if (address < 0 || mask < 0) {
      throw new InvalidNotationException(
          "is not an IPv4 network",
          "write ADDRESS/NETMASK or ADDRESS/BITS, such as 10.0.0.0/255.0.0.0");
    }
    long wild = ~mask & FULL_MASK;
    if ((wild & (wild + 1)) != 0) {
      throw new InvalidNotationException(
          "has a netmask with holes", "write a mask such as 255.255.0.0");
    }
    if (mask == 0 || address == 0) {
      throw new InvalidNotationException("is every address", "write '%'");
    }
    if ((address & wild) != 0) {
      throw new InvalidNotationException(
          "matches no address, because it has bits outside its mask",
          "write " + IpText.of(address & mask) + "/" + width);
    }
    return new HostPattern(text, isCidr ? Kind.CIDR : Kind.NETMASK, address, mask, RANK_OF_A_NAME);
  }

  /** MySQL's {@code get_sort}: names, then patterns by their first wildcard, {@code %}, nothing. */
  private static int rank(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
      } else if (c == '%' || c == '_') {
        return text.equals("%") ? 1 : Math.min(i + 2, 127);
      }
    }
    return text.isEmpty() ? 0 : RANK_OF_A_NAME;
  }

  /** Whether it is a name other than localhost, which no client has as no name is resolved. */
  public boolean isName() {
    return !isNetwork()
        && rank == RANK_OF_A_NAME
        && !text.equals("localhost")
        && Addresses.bytes(text).isEmpty();
  }

  /** Whether it is an IPv4 address or network, which clients are in or not by its mask. */
  boolean isNetwork() {
    return mask != 0;
  }
}
