package io.mysqltlsproxy.check;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes a channel after a timeout, which ends every wait for it. */
final class Deadline implements AutoCloseable {
  private final Duration timeout;
  private final Closeable channel;
  private final Thread thread = new Thread(this::waitAndClose, "deadline");
  private volatile boolean passed;

  Deadline(Duration timeout, Closeable channel) {
    this.timeout = timeout;
    this.channel = channel;
    thread.setDaemon(true);
    thread.start();
  }

  boolean hasPassed() {
    return passed;
  }

  private void waitAndClose() {
    try {
      Thread.sleep(timeout.toMillis());
      passed = true;
      channel.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // in time
    } catch (IOException e) {
      throw new IllegalStateException("a channel that cannot be closed", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
