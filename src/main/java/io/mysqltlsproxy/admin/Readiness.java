package io.mysqltlsproxy.admin;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a client would get in now, from what is known already: nothing is asked, and nothing
 * waits.
 */
final class Readiness {
  private final List<Supplier<Optional<String>>> checks;

  /**
   * All of these must hold.
   *
   * @param checks each gives what is wrong, as one line; empty where it holds
   */
  Readiness(List<Supplier<Optional<String>>> checks) {
    this.checks = List.copyOf(checks);
  }

  /** What is wrong, a line each; empty where a client would get in. */
  List<String> problems() {
    return checks.stream().flatMap(check -> check.get().stream()).toList();
  }
}
