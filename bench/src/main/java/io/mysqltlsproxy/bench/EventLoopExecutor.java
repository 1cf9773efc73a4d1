package io.mysqltlsproxy.bench;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs benchmarks on threads of the kind that event loops have: on any other Netty's buffers are
 * not used again, and what is allocated would not be what the proxy allocates.
 */
public final class EventLoopExecutor extends ThreadPoolExecutor {

  /** As JMH makes it, by {@code -Djmh.executor=CUSTOM}. */
  public EventLoopExecutor(int threads, String prefix) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix, true));
  }
}
