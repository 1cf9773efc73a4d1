package io.mysqltlsproxy.connection;

import java.util.concurrent.ThreadLocalRandom;

/**
 * What is timed of that which happens with every packet: to read a clock twice costs more than to
 * relay a small packet through the meters. It is chosen by chance, each by itself, so that no
 * rhythm of a client's is favoured, and many short connections count for as much as one long.
 */
final class Sampling {
  /** One in so many, on average. */
  static final int ONE_IN = 16;

  private Sampling() {}

  static boolean chosen() {
    return ThreadLocalRandom.current().nextInt(ONE_IN) == 0;
  }
}
