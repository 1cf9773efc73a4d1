package io.mysqltlsproxy.connection;

/** Which end of a connection. */
public enum Side {
  CLIENT("client", CloseReason.CLIENT_CLOSED),
  SERVER("server", CloseReason.SERVER_CLOSED);

  private final String label;
  private final CloseReason closed;

  Side(String label, CloseReason closed) {
    this.label = label;
    this.closed = closed;
  }

  /** What its closing counts as. */
  CloseReason closed() {
    return closed;
  }

  @Override
  public String toString() {
    return label;
  }
}
