package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a test opens on its way: closed with it, the latest first. */
public final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** The same, which is closed at the end. */
  public <T extends AutoCloseable> T keep(T resource) {
    all.push(resource);
    return resource;
  }

  @Override
  public void close() throws IOException {
    try {
      while (!all.isEmpty()) {
        all.pop().close();
      }
    } catch (Exception e) {
      throw new IOException("what a test has opened does not close", e);
    }
  }
}
