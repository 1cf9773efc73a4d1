package io.mysqltlsproxy.option;

import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IP networks, as {@code 10.0.0.0/8,::1} lists them; {@code *} is all addresses. */
public record Networks(List<Network> all) {
  /** None at all. */
  public static final Networks NONE = new Networks(List.of());

  private static final Pattern NETWORK = Pattern.compile("([^/]+)(?:/([0-9]{1,3}))?");
  private static final String CURE =
      "list addresses or ADDRESS/BITS with commas between, such as 10.0.0.0/8,::1, or give *";

  public Networks {
    all = List.copyOf(all);
  }

  /**
   * One of them.
   *
   * @param bits how many of the address's leading bits count
   */
  public record Network(InetAddress address, int bits) {
    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] its = other.getAddress();
      if (mine.length != its.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int differing = (mine[bit / 8] ^ its[bit / 8]) << (bit % 8);
        if ((differing & 0x80) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  static Networks parse(String text) throws InvalidValueException {
    List<Network> all = new ArrayList<>();
    if (text.isEmpty()) {
      return new Networks(all);
    }
    for (String each :
        text.equals("*") ? new String[] {"0.0.0.0/0", "::/0"} : text.split(",", -1)) {
      all.add(network(each.strip()));
    }
    return new Networks(all);
  }

  private static Network network(String text) throws InvalidValueException {
    Matcher matcher = NETWORK.matcher(text);
    if (matcher.matches() && ValueParsers.isAddress(matcher.group(1))) {
      try {
        // A literal is never looked up.
        InetAddress address = InetAddress.getByName(matcher.group(1));
        int width = address.getAddress().length * 8;
        int bits = matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2));
        if (bits <= width) {
          return new Network(address, bits);
        }
      } catch (UnknownHostException e) {
        throw new InvalidValueException("'" + text + "' is not a network", CURE);
      }
    }
    throw new InvalidValueException("'" + text + "' is not a network", CURE);
  }

  /** Whether the address lies in one of them. */
  public boolean contain(InetAddress address) {
    return all.stream().anyMatch(network -> network.contains(address));
  }
}
