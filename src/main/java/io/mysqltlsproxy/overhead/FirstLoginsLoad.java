package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.auth.LoginException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures what the first logins of a fresh process cost, beside those of one that has been warmed
 * up and has had every other load since.
 */
final class FirstLoginsLoad {
  static final int CLIENTS = 4;

  private static final int LOGINS_AT_REST = 500;
  private static final int MAX_ROUNDS = 3;
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  /** How many runs take as long as one round. */
  private static final int STEPS = 3;

  private final Load load;
  private final Ways ways;
  private final List<Target> targets;
  private final List<Integer> counts;
  private final int rounds;

  /**
   * Does nothing yet.
   *
   * @param settings say how much is measured: in {@link Scope#QUICK} one process of one kind, in
   *     {@link Scope#SCALING} none
   */
  FirstLoginsLoad(Load load, Ways ways, Settings settings) {
    this.load = load;
    this.ways = ways;
    boolean whole = settings.scope() == Scope.WHOLE;
    Workload kinds = whole ? Workload.connect() : Workload.idle();
    this.targets =
        settings.scope() == Scope.SCALING
            ? List.of()
            : ways.ofEachOwnProcess(kinds).stream()
                .filter(target -> target.tls().isPresent())
                .toList();
    this.counts = whole ? List.of(500, 1000, 2000) : List.of(500, 1000);
    this.rounds = whole ? Math.min(settings.rounds(), MAX_ROUNDS) : 1;
  }

  /** How many runs take as long. */
  int steps() {
    return STEPS * targets.size() * rounds;
  }

  /** Measures each kind of process, started anew in each round. */
  List<FirstLogins> measure(Progress progress) throws InterruptedException {
    List<FirstLogins> all = new ArrayList<>();
    for (Target target : targets) {
      List<FirstLogins.Round> measured = new ArrayList<>();
      Optional<String> failure = Optional.empty();
      for (int round = 0; round < rounds; round++) {
        progress.next("first logins, " + target.name(), STEPS);
        try {
          measured.add(round(target));
        } catch (LoginException | IOException e) {
          failure = Optional.of(String.valueOf(e.getMessage()));
        }
      }
      all.add(new FirstLogins(target.name(), failure.isPresent() ? List.of() : measured, failure));
    }
    return all;
  }

  private FirstLogins.Round round(Target target)
      throws LoginException, IOException, InterruptedException {
    List<LoginCost> first;
    try (MeasuredProxy fresh = ways.another(target)) {
      first = load.logins(target.by(fresh), CLIENTS, counts, AT_MOST);
    }
    List<LoginCost> atRest = load.logins(target, CLIENTS, List.of(LOGINS_AT_REST), AT_MOST);
    if (first.isEmpty() || atRest.isEmpty()) {
      throw new LoginException(
          "fewer than %d logins within %d s".formatted(LOGINS_AT_REST, AT_MOST.toSeconds()));
    }
    return new FirstLogins.Round(first, atRest.get(0));
  }
}
