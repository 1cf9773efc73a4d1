package io.mysqltlsproxy.connection;

/** Which end of a connection. */
public enum Side {
  CLIENT("client", Ending.CLIENT_CLOSED),
  SERVER("server", Ending.SERVER_CLOSED);

  private final String label;
  private final Ending closed;

  Side(String label, Ending closed) {
    this.label = label;
    this.closed = closed;
  }

  /** What its closing counts as. */
  Ending closed() {
    return closed;
  }

  @Override
  public String toString() {
    return label;
  }
}
