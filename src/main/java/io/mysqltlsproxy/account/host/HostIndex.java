package io.mysqltlsproxy.account.host;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The numbered hosts of one user, found by a client's address without trying each of them. */
public final class HostIndex {
  /** No host matches. */
  public static final int NONE = HostPatterns.NONE;

  /** By mask and by address within it. */
  private final Map<Long, Map<Long, Integer>> networks = new TreeMap<>();

  private final HostPatterns patterns = new HostPatterns();

  /** Adds a host; of several that match, the one with the least number is found. */
  public void add(HostPattern host, int number) {
    if (host.isNetwork()) {
      networks
          .computeIfAbsent(host.mask(), mask -> new HashMap<>())
          .merge(host.address(), number, Math::min);
    } else {
      patterns.add(host.text().isEmpty() ? "%" : host.text(), number);
    }
  }

  /** The least number of a host that the client has, or {@link #NONE}. */
  public int first(ClientHost client) {
    int found = patterns.first(client.address());
    if (!client.name().equals(client.address())) {
      found = Math.min(found, patterns.first(client.name()));
    }
    long ipv4 = client.ipv4();
    if (ipv4 >= 0) {
      for (Map.Entry<Long, Map<Long, Integer>> network : networks.entrySet()) {
        found = Math.min(found, network.getValue().getOrDefault(ipv4 & network.getKey(), NONE));
      }
    }
    return found;
  }
}
