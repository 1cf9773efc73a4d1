package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.net.SilentService;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Asks the server whether it would greet a client, and tells the monitor.
 *
 * @param loops not those of the clients, for which a question must not wait
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
record ServerProbes(ServerDoor door, EventLoopGroup loops, ConnectionSettings settings) {
  /** How often a server that cannot be used is asked whether it can again. */
  private static final long PERIOD_MILLIS = 2000;

  /** A server that looks up the proxy's name takes its time to greet. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(1);

  /**
   * Asks once.
   *
   * @return why the server cannot be used, as one clause; empty where it greets
   */
  CompletionStage<Optional<String>> ask(Duration timeout) {
    return ServerProbe.run(door, settings, loops.next(), timeout)
        .thenCompose(this::explained)
        .whenComplete(
            (problem, failure) -> {
              if (failure == null && problem.filter(ServerProbe::isOutOfFiles).isEmpty()) {
                settings.server().probed(problem);
              }
            });
  }

  /** What says nothing is spoken to, once for each time that the server cannot be used. */
  private CompletionStage<Optional<String>> explained(Optional<String> problem) {
    if (problem.filter(ServerProbe::isSilence).isEmpty() || settings.server().isDown()) {
      return CompletableFuture.completedFuture(problem);
    }
    return CompletableFuture.supplyAsync(
        () ->
            SilentService.ask(settings.backend(), SILENCE_TIMEOUT)
                .map(ServerProbe::foreign)
                .or(() -> problem));
  }

  /**
   * Asks now, and from now on while the server cannot be used, so that the log says at once when it
   * can.
   *
   * @param timeout for how long the first answer is waited for
   */
  void watch(Duration timeout) {
    CompletableFuture<Optional<String>> first = ask(TIMEOUT).toCompletableFuture();
    loops
        .next()
        .scheduleWithFixedDelay(
            new Runnable() {
              private CompletionStage<Optional<String>> latest = first;

              @Override
              public void run() {
                if (settings.server().isDown() && latest.toCompletableFuture().isDone()) {
                  latest = ask(TIMEOUT);
                }
              }
            },
            PERIOD_MILLIS,
            PERIOD_MILLIS,
            TimeUnit.MILLISECONDS);
    first
        .copy()
        .completeOnTimeout(Optional.empty(), timeout.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
