package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.AddressShares.Network.Kind;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How many of a limited number of places each network of clients holds. A network is an IPv4
 * address, or what one owner of IPv6 addresses has: a /64, and the /48 that it is part of. A user
 * of the Unix socket is one, too.
 *
 * <p>The first three quarters of the places are first come, first served, so that one address which
 * nobody competes with, such as that of many clients behind a NAT, is not held up. Of the last
 * quarter a network may take a place only while it holds none, or fewer than a quarter as many as
 * are left: it takes many addresses to leave nothing for somebody new.
 */
final class AddressShares {
  private static final int QUARTER = 4;
  private static final int[] IPV6_PREFIXES = {64, 48};

  /**
   * A network.
   *
   * @param bits how many of its addresses' bits are the same
   * @param prefix these bits
   */
  record Network(Kind kind, int bits, long prefix) {
    enum Kind {
      IPV4,
      IPV6,
      USER
    }
  }

  private final int places;
  private final int most;
  private final Map<Network, Integer> held = new HashMap<>();

  /**
   * Nobody holds anything yet.
   *
   * @param places how many there are
   * @param most what a network may hold at most, instead of its share; 0 for the share
   */
  AddressShares(int places, int most) {
    this.places = places;
    this.most = most;
  }

  /** What one user of the Unix socket has. */
  static Network of(int user) {
    return new Network(Kind.USER, Integer.SIZE, Integer.toUnsignedLong(user));
  }

  /** The networks that an address belongs to. */
  static List<Network> of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet6Address && !isMapped(bytes)) {
      long high = ByteBuffer.wrap(bytes).getLong();
      return IntStream.of(IPV6_PREFIXES)
          .mapToObj(bits -> new Network(Kind.IPV6, bits, high >>> (64 - bits)))
          .toList();
    }
    return List.of(
        new Network(
            Kind.IPV4,
            32,
            Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(bytes.length - 4))));
  }

  /** Whether it is an IPv4 address as IPv6 writes it, {@code ::ffff:192.0.2.1}. */
  private static boolean isMapped(byte[] bytes) {
    ByteBuffer address = ByteBuffer.wrap(bytes);
    return address.getLong() == 0 && address.getInt() == 0xFFFF;
  }

  /** Whether all of these networks may take one more of the free places. */
  boolean mayTake(List<Network> networks, int free) {
    return networks.stream().allMatch(network -> mayTake(held(network), free));
  }

  private boolean mayTake(int holds, int free) {
    if (most > 0) {
      return holds < most;
    }
    return holds == 0 || free > (places + QUARTER - 1) / QUARTER || holds < free / QUARTER;
  }

  /** How many places the one of these networks holds that holds most. */
  int held(List<Network> networks) {
    return networks.stream().mapToInt(this::held).max().orElse(0);
  }

  private int held(Network network) {
    return held.getOrDefault(network, 0);
  }

  void take(List<Network> networks) {
    networks.forEach(network -> held.merge(network, 1, Integer::sum));
  }

  void release(List<Network> networks) {
    networks.forEach(
        network -> held.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1));
  }
}
