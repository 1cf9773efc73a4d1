package io.mysqltlsproxy.codec;

import java.util.Arrays;

/**
 * The commands that wait for their responses, in order, {@link #CAPACITY} at most. When it is full,
 * the client is not read until a response has arrived.
 */
final class CommandQueue {
  /** Drivers that pipeline send some hundred commands before they read. */
  static final int CAPACITY = 1024;

  private static final int INITIAL = 8;

  private ResponseKind[] kinds = new ResponseKind[INITIAL];
  private boolean[] continued = new boolean[INITIAL];
  private int first;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  void add(ResponseKind kind) {
    if (size == kinds.length) {
      grow();
    }
    int last = index(size++);
    kinds[last] = kind;
    continued[last] = false;
  }

  /** The last command has more than one packet. */
  void lastContinues() {
    if (size > 0) {
      continued[index(size - 1)] = true;
    }
  }

  ResponseKind first() {
    return kinds[first];
  }

  ResponseKind last() {
    return kinds[index(size - 1)];
  }

  /** Whether the first command has more than one packet. */
  boolean isFirstContinued() {
    return continued[first];
  }

  void removeFirst() {
    first = index(1);
    size--;
  }

  void clear() {
    size = 0;
  }

  /** The capacity of the arrays is a power of two. */
  private int index(int offset) {
    return (first + offset) & (kinds.length - 1);
  }

  private void grow() {
    int old = kinds.length;
    ResponseKind[] moreKinds = Arrays.copyOf(kinds, 2 * old);
    boolean[] moreContinued = Arrays.copyOf(continued, 2 * old);
    for (int i = 0; i < old; i++) {
      moreKinds[i] = kinds[index(i)];
      moreContinued[i] = continued[index(i)];
    }
    kinds = moreKinds;
    continued = moreContinued;
    first = 0;
  }
}
