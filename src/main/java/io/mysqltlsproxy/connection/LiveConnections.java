package io.mysqltlsproxy.connection;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients that are connected now. Any thread may ask. */
public final class LiveConnections {
  private static final Logger log = LoggerFactory.getLogger("connection");
  private static final int SETTLE_SECONDS = 5;

  private final Set<LiveConnection> all = ConcurrentHashMap.newKeySet();
  private final ExpiryWarnings warnings = new ExpiryWarnings();

  void add(LiveConnection connection) {
    all.add(connection);
  }

  void remove(LiveConnection connection) {
    all.remove(connection);
    // However short it was, and whenever the others are looked at.
    warnings.consider(connection, Instant.now());
  }

  /** One for each client, from accept until its socket is closed, the oldest first. */
  public List<LiveConnection> all() {
    return all.stream().sorted(Comparator.comparing(LiveConnection::connectedAt)).toList();
  }

  /**
   * Waits until every connection is done with what it was doing on its event loop: then none still
   * uses what it took before.
   */
  public void settle() {
    Map<EventLoop, LiveConnection> oneOfEach = new HashMap<>();
    all.forEach(connection -> oneOfEach.putIfAbsent(connection.loop(), connection));
    CountDownLatch open = new CountDownLatch(oneOfEach.size());
    for (LiveConnection connection : oneOfEach.values()) {
      if (!connection.onItsLoop(open::countDown)) {
        open.countDown();
      }
    }
    try {
      if (!open.await(SETTLE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("connections on {} event loops have not settled", open.getCount());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Warns of certificates that are about to expire. */
  public void warnOfExpiry() {
    Instant now = Instant.now();
    all.forEach(connection -> warnings.consider(connection, now));
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
