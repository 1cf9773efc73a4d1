package io.mysqltlsproxy.soak;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What was done, what failed as it may, and what must not have happened. */
final class Ledger {
  private static final int MAX_VIOLATIONS = 100;

  private final Map<String, LongAdder> done = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> errors = new ConcurrentSkipListMap<>();
  private final Map<FaultKind, LongAdder> faults = new ConcurrentSkipListMap<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();

  void did(String what) {
    did(what, 1);
  }

  void did(String what, long howOften) {
    done.computeIfAbsent(what, key -> new LongAdder()).add(howOften);
  }

  /** An error that a fault explains. */
  void failed(String error) {
    errors.computeIfAbsent(error, key -> new LongAdder()).increment();
  }

  void injected(FaultKind kind) {
    faults.computeIfAbsent(kind, key -> new LongAdder()).increment();
  }

  /** What makes the run fail. */
  void violated(String what) {
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(what);
    }
    System.out.println("OUT soak: VIOLATION: " + what);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  Map<String, Long> done() {
    return sums(done);
  }

  Map<String, Long> errors() {
    return sums(errors);
  }

  Map<FaultKind, Long> faults() {
    return sums(faults);
  }

  private static <K extends Comparable<K>> Map<K, Long> sums(Map<K, LongAdder> counts) {
    Map<K, Long> sums = new TreeMap<>();
    counts.forEach((key, count) -> sums.put(key, count.sum()));
    return sums;
  }
}
