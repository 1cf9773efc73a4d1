package io.mysqltlsproxy.codec;

/** A packet header that cannot stand where it stands. */
public final class PacketFormatException extends Exception {

  /** What is wrong with the header. */
  public enum Problem {
    OUT_OF_ORDER,
    TOO_LARGE
  }

  private final Problem problem;
  private final int header;

  PacketFormatException(Problem problem, int header, String message) {
    super(message);
    this.problem = problem;
    this.header = header;
  }

  public Problem problem() {
    return problem;
  }

  /** Whether the four bytes are no MySQL header but the start of a TLS record. */
  public boolean looksLikeTls() {
    return (header & 0xFFFF) == 0x0316;
  }
}
