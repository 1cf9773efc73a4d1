package io.mysqltlsproxy.connection;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that are connected now. Any thread may ask. */
public final class LiveConnections {
  private final Set<LiveConnection> all = ConcurrentHashMap.newKeySet();

  void add(LiveConnection connection) {
    all.add(connection);
  }

  void remove(LiveConnection connection) {
    all.remove(connection);
  }

  /** One for each client, from accept until its socket is closed, the oldest first. */
  public List<LiveConnection> all() {
    return all.stream().sorted(Comparator.comparing(LiveConnection::connectedAt)).toList();
  }

  /** How many there are. */
  public int size() {
    return all.size();
  }
}
