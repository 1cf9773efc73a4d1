package io.mysqltlsproxy.tls.sign;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the server's key signs, so that an event loop goes on with other clients meanwhile. What
 * waits here is bounded by how many clients may be without a login.
 */
public final class SigningThreads {
  /** So that clients that log in never keep all processors from those that are logged in. */
  private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private static final int IDLE_SECONDS = 30;
  private static final ExecutorService POOL = pool();

  private SigningThreads() {}

  private static ExecutorService pool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("signing", /* daemon= */ true));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Has it done on one of the threads, or at once where the caller is no event loop, so that nobody
   * would wait.
   */
  public static <T> Future<T> run(Callable<T> task) {
    Promise<T> promise = ImmediateEventExecutor.INSTANCE.newPromise();
    if (ThreadExecutorMap.currentExecutor() == null) {
      complete(promise, task);
    } else {
      POOL.execute(() -> complete(promise, task));
    }
    return promise;
  }

  private static <T> void complete(Promise<T> promise, Callable<T> task) {
    T result;
    try {
      result = task.call();
    } catch (Exception | Error e) {
      promise.setFailure(e);
      return;
    }
    promise.setSuccess(result);
  }
}
