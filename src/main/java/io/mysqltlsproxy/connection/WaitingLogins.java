package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.connection.HostErrors.Turn;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * The logins that wait for their turn. Clients and handshakes whose client is gone alternate: so a
 * client is not kept waiting by the many that have left before it, and none of those starves. Not
 * safe for use by several threads.
 */
final class WaitingLogins {
  /** One of them, over its leg. */
  record Waiting(ServerLeg leg, Turn turn) {}

  private final Queue<Waiting> clients = new ArrayDeque<>();
  private final Queue<Waiting> farewells = new ArrayDeque<>();
  private boolean farewellIsNext;

  void add(Waiting one) {
    queueOf(one).add(one);
  }

  /** Whether it was still waiting. */
  boolean remove(Waiting one) {
    return queueOf(one).remove(one);
  }

  /** Takes the one whose turn it is. */
  Optional<Waiting> next() {
    boolean farewell = clients.isEmpty() || (farewellIsNext && !farewells.isEmpty());
    farewellIsNext = !farewell;
    return Optional.ofNullable((farewell ? farewells : clients).poll());
  }

  /** Takes the first of which this is true, a client where there is one. */
  Optional<Waiting> first(Predicate<Waiting> condition) {
    Optional<Waiting> first =
        clients.stream()
            .filter(condition)
            .findFirst()
            .or(() -> farewells.stream().filter(condition).findFirst());
    first.ifPresent(this::remove);
    return first;
  }

  private Queue<Waiting> queueOf(Waiting one) {
    return one.turn().hasClient() ? clients : farewells;
  }
}
