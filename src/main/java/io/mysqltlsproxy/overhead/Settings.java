package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.option.Backend;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to be measured.
 *
 * @param query a statement of the user's, measured besides the usual ones
 * @param clients how many at a time, each number a series of its own
 * @param rounds how often everything is measured, each time in another order
 * @param time of one run
 * @param idle how many idle connections are opened to see their memory; 0 for none
 * @param scope which ways and workloads
 * @param others further ways to the same data, measured beside
 */
public record Settings(
    Backend backend,
    Account account,
    Optional<String> query,
    List<Integer> clients,
    int rounds,
    Duration time,
    int idle,
    Scope scope,
    List<Other> others) {

  /**
   * A way to the server that is not this proxy: its native TLS, another proxy.
   *
   * @param tls false for a way without
   * @param process whose CPU time is counted
   */
  public record Other(
      String name, InetSocketAddress address, boolean tls, Optional<ProcessHandle> process) {}
}
