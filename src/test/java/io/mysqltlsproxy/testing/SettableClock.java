package io.mysqltlsproxy.testing;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test sets it. */
public final class SettableClock implements InstantSource {
  private volatile Instant now;

  public SettableClock(Instant now) {
    this.now = now;
  }

  public void set(Instant time) {
    now = time;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
