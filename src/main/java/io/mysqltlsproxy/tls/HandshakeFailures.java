package io.mysqltlsproxy.tls;

/** Why a handshake failed, for the operator. */
public final class HandshakeFailures {
  private HandshakeFailures() {}

  /** One line. */
  public static String describe(Throwable cause) {
    return String.valueOf(cause.getMessage());
  }
}
