package io.mysqltlsproxy.pkcs11;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The threads that wait for tokens, since one may be a network away. They are few: what a token has
 * not answered cannot be taken back, and each may wait for ever.
 */
public final class TokenThreads {
  /** Below the eight seconds that a client has by default to log in. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** A start may wait for a device to wake up. */
  private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(30);

  private static final int MAX_WAITING = 1024;
  private static final ThreadPoolExecutor POOL = pool();

  private TokenThreads() {}

  private static ThreadPoolExecutor pool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            Token.MAX_SESSIONS,
            Token.MAX_SESSIONS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            new DefaultThreadFactory("pkcs11", /* daemon= */ true));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** For an engine that signs on the thread on which it is told to. */
  public static Executor executor() {
    return POOL;
  }

  /**
   * Signs on one of them.
   *
   * @return fails with {@link TokenException} after five seconds, or at once where too many wait
   */
  public static CompletableFuture<byte[]> sign(TokenKey key, Callable<byte[]> signature) {
    return within(TIMEOUT, signature, key::failed);
  }

  /**
   * The same within another time.
   *
   * @param late told where it was not enough, before the future fails
   */
  static CompletableFuture<byte[]> within(
      Duration timeout, Callable<byte[]> work, Consumer<TokenException> late) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    var unused =
        submit(work)
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (bytes, failure) -> {
                  if (failure instanceof TimeoutException) {
                    TokenException tooLate = tooLate(timeout);
                    late.accept(tooLate);
                    answer.completeExceptionally(tooLate);
                  } else if (failure != null) {
                    answer.completeExceptionally(failure);
                  } else {
                    answer.complete(bytes);
                  }
                });
    return answer;
  }

  private static TokenException tooLate(Duration timeout) {
    return new TokenException(
        "the token has not answered within " + timeout.toSeconds() + " s",
        "check the connection to it, and how many signatures a second it can make");
  }

  private static <T> CompletableFuture<T> submit(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      POOL.execute(
          () -> {
            if (done.isDone()) {
              return; // nobody waits for it any more
            }
            try {
              done.complete(work.call());
            } catch (Exception | LinkageError e) {
              done.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(
          new TokenException(
              MAX_WAITING + " signatures are already waiting for the token",
              "check the connection to it, and how many signatures a second it can make"));
    }
    return done;
  }

  /** Does it on one of them, and waits. */
  static TokenKey load(Callable<TokenKey> load) throws TokenException {
    try {
      return submit(load).get(LOAD_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TokenException known) {
        throw known;
      }
      throw new TokenException(
          "the token cannot be used: " + e.getCause(),
          "check that it works: pkcs11-tool --module MODULE --login --test");
    } catch (TimeoutException e) {
      throw tooLate(LOAD_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenException("interrupted while waiting for the token", "try again");
    }
  }
}
