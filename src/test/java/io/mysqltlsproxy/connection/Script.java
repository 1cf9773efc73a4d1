package io.mysqltlsproxy.connection;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What a fuzzer has thought of: numbers, and bytes to send; zeros once it is over. */
final class Script {
  private final byte[] data;
  private int at;

  Script(byte[] data) {
    this.data = data;
  }

  /** Runs inputs of random length and content, the same ones every time. */
  static void byChance(int inputs, int maxLength, Consumer<byte[]> run) {
    Random random = new Random(20261128);
    for (int i = 0; i < inputs; i++) {
      byte[] data = new byte[random.nextInt(maxLength)];
      random.nextBytes(data);
      try {
        run.accept(data);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("by " + Arrays.toString(data), e);
      }
    }
  }

  boolean goesOn() {
    return at < data.length;
  }

  /** From 0 to 255. */
  int number() {
    return goesOn() ? data[at++] & 0xFF : 0;
  }

  /** From 0 to one less than the bound, of at most 256. */
  int below(int bound) {
    return number() % bound;
  }

  <T> T oneOf(List<T> values) {
    return values.get(below(values.size()));
  }

  /** As many as a number says. */
  byte[] bytes() {
    int end = Math.min(data.length, at + 1 + number());
    byte[] taken = Arrays.copyOfRange(data, Math.min(at, end), end);
    at = Math.max(at, end);
    return taken;
  }
}
