package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.auth.LoginException;
import io.mysqltlsproxy.net.Transports;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long queries take while other clients log in without end. Every client has a thread
 * of its own, as if each were a program: on a shared one, a query would wait for what a client
 * computes in a handshake, and not for the proxy.
 */
final class StormLoad implements AutoCloseable {
  static final int QUERYING = 2;
  static final int LOGGING_IN = 4;

  private final EventLoopGroup querying = Transports.best().newGroup(QUERYING);
  private final EventLoopGroup loggingIn = Transports.best().newGroup(LOGGING_IN);
  private final Load queries;
  private final Load logins;
  private final Workload query;

  /**
   * Does nothing yet.
   *
   * @param time each measured run takes; a warm-up of a fifth of it comes first
   * @param query what the measured clients do
   */
  StormLoad(Account account, Duration time, Workload query) {
    this.queries = new Load(querying, account, time.dividedBy(5), time);
    this.logins = new Load(loggingIn, account, Duration.ZERO, time);
    this.query = query;
  }

  /** How many runs take as long. */
  static int steps(int ways, int rounds) {
    return 2 * ways * rounds;
  }

  /** Measures every way in every round, each round in another order. */
  List<LoginStorm> measure(List<Target> ways, int rounds, Progress progress)
      throws InterruptedException {
    Map<Target, List<LoginStorm.Round>> measured = new LinkedHashMap<>();
    Map<Target, String> failures = new LinkedHashMap<>();
    ways.forEach(way -> measured.put(way, new ArrayList<>()));
    Random random = new Random();
    for (int round = 1; round <= rounds; round++) {
      List<Target> order = new ArrayList<>(ways);
      Collections.shuffle(order, random);
      for (Target way : order) {
        progress.next("queries while others log in, " + way.name(), steps(1, 1));
        if (failures.containsKey(way)) {
          continue;
        }
        try {
          measured.getOrDefault(way, new ArrayList<>()).add(round(way));
        } catch (LoginException e) {
          failures.put(way, String.valueOf(e.getMessage()));
        }
      }
    }
    return ways.stream()
        .map(
            way -> {
              Optional<String> failure = Optional.ofNullable(failures.get(way));
              List<LoginStorm.Round> all = measured.getOrDefault(way, List.of());
              return new LoginStorm(way.name(), failure.isPresent() ? List.of() : all, failure);
            })
        .toList();
  }

  private LoginStorm.Round round(Target way) throws LoginException, InterruptedException {
    Sample alone = queries.run(way, query, QUERYING);
    try (Load.Clients others = logins.start(way, Workload.connect(), LOGGING_IN)) {
      Sample beside = queries.run(way, query, QUERYING);
      return new LoginStorm.Round(alone, beside, others.perSecond());
    }
  }

  @Override
  public void close() {
    querying.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    loggingIn.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
