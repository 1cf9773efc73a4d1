package io.mysqltlsproxy.connection;

/** Which end of a connection. */
enum Side {
  CLIENT("client"),
  SERVER("server");

  private final String label;

  Side(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
