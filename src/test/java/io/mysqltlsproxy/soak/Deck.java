package io.mysqltlsproxy.soak;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Deals the kinds of faults to the sites: each once before any comes again. */
final class Deck {
  private final Deque<FaultKind> left = new ArrayDeque<>();
  private int dealt;

  /** The next. */
  synchronized FaultKind deal() {
    if (left.isEmpty()) {
      List<FaultKind> all = Arrays.asList(FaultKind.values());
      Collections.shuffle(all);
      left.addAll(all);
    }
    dealt++;
    return left.remove();
  }

  /** Whether each has been dealt once at least. */
  synchronized boolean isThrough() {
    return dealt >= FaultKind.values().length;
  }
}
