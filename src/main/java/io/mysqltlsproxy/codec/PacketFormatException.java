package io.mysqltlsproxy.codec;

/** A packet header that cannot stand where it stands. */
public final class PacketFormatException extends Exception {

  /** What is wrong with the header. */
  public enum Problem {
    OUT_OF_ORDER,
    TOO_LARGE,
    /** The bytes are no MySQL header but the start of a TLS record. */
    TLS,
    /** The bytes are no MySQL header but the start of a PROXY header. */
    PROXY_HEADER,
    /** A client of another protocol; the message says which, as a clause. */
    FOREIGN
  }

  private final Problem problem;

  PacketFormatException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
