package io.mysqltlsproxy.soak;

/** Whether somebody may log in, as the files say that change during the run, and since when. */
final class Switch {
  private enum State {
    ALLOWED,
    CHANGING,
    FORBIDDEN
  }

  private State state = State.ALLOWED;
  private long sinceNanos = System.nanoTime();

  /** The files are about to change. */
  synchronized void change() {
    set(State.CHANGING);
  }

  /** The files that say so are in force. */
  synchronized void settle(boolean allowed) {
    set(allowed ? State.ALLOWED : State.FORBIDDEN);
  }

  private void set(State next) {
    state = next;
    sinceNanos = System.nanoTime();
  }

  /** Whether a login that began then, and is over now, must have been rejected. */
  synchronized boolean forbade(long beganNanos) {
    return state == State.FORBIDDEN && beganNanos - sinceNanos > 0;
  }

  /** Whether a login that began then, and is over now, must have been admitted. */
  synchronized boolean allowed(long beganNanos) {
    return state == State.ALLOWED && beganNanos - sinceNanos > 0;
  }
}
