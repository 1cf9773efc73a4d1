package io.mysqltlsproxy.soak;

/** Lets all actors of a run rest between two sessions, so that figures can be compared. */
final class Pause {
  private boolean wanted;
  private boolean over;
  private int actors;
  private int resting;

  /** One more actor takes part. */
  synchronized void join() {
    actors++;
  }

  /** An actor has ended. */
  synchronized void leave() {
    actors--;
    notifyAll();
  }

  /** An actor is between two sessions: it waits here while a pause is wanted; false at the end. */
  synchronized boolean pass() throws InterruptedException {
    resting++;
    notifyAll();
    try {
      while (wanted && !over) {
        wait();
      }
      return !over;
    } finally {
      resting--;
    }
  }

  /** Waits until all actors rest; false where that takes longer. */
  synchronized boolean begin(long millis) throws InterruptedException {
    wanted = true;
    long end = System.nanoTime() + millis * 1_000_000;
    while (resting < actors) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  synchronized void end() {
    wanted = false;
    notifyAll();
  }

  /** Nobody goes on. */
  synchronized void endForAll() {
    over = true;
    notifyAll();
  }
}
