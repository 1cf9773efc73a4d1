package io.mysqltlsproxy.admin;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether a client would get in now. The server is asked at most once a second, however often
 * somebody wants to know.
 */
public final class Readiness {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** One thing that must hold. */
  @FunctionalInterface
  public interface Check {
    /** What is wrong, as one line; empty where it holds. */
    CompletionStage<Optional<String>> problem();

    /** A check that knows at once. */
    static Check now(Supplier<Optional<String>> problem) {
      return () -> CompletableFuture.completedFuture(problem.get());
    }
  }

  private final Map<String, Check> checks;
  private CompletableFuture<Map<String, String>> latest =
      CompletableFuture.completedFuture(Map.of());
  private long askedAt = System.nanoTime() - FRESH_NANOS;

  /** All of these must hold, each under a name of its own. */
  public Readiness(Map<String, Check> checks) {
    this.checks = Map.copyOf(checks);
  }

  /** What is wrong, by the name of the check; empty where a client would get in. */
  public synchronized CompletionStage<Map<String, String>> problems() {
    long now = System.nanoTime();
    if (latest.isDone() && now - askedAt >= FRESH_NANOS) {
      askedAt = now;
      latest = ask();
    }
    return latest;
  }

  private CompletableFuture<Map<String, String>> ask() {
    CompletableFuture<Map<String, String>> all = CompletableFuture.completedFuture(new TreeMap<>());
    for (Map.Entry<String, Check> check : checks.entrySet()) {
      all =
          all.thenCombine(
              check.getValue().problem(),
              (problems, problem) -> {
                problem.ifPresent(why -> problems.put(check.getKey(), why));
                return problems;
              });
    }
    return all;
  }
}
