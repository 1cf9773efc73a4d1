package io.mysqltlsproxy.connection;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

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

  /**
   * Runs a task once every connection is done with what it was doing on its event loop, however
   * long that takes: then none still uses what it took before.
   *
   * @param task called once, on an event loop or, where no connection is open, at once
   */
  public void whenSettled(Runnable task) {
    List<LiveConnection> some = List.copyOf(all);
    AtomicInteger open = new AtomicInteger(some.size() + 1);
    Runnable settled =
        () -> {
          if (open.decrementAndGet() == 0) {
            task.run();
          }
        };
    for (LiveConnection connection : some) {
      if (!connection.onItsLoop(settled)) {
        settled.run();
      }
    }
    settled.run();
  }

  /** In no order. */
  Stream<LiveConnection> stream() {
    return all.stream();
  }

  /** How many there are. */
  public int size() {
    return all.size();
  }
}
