package io.mysqltlsproxy.connection;

/** The phases of a connection, in the order in which it passes through them. */
public enum Phase {
  PROXY_HEADER("waiting for the balancer's PROXY header"),
  CONNECTING("connecting to the server"),
  GREETING("waiting for the server's greeting"),
  SSL_REQUEST("waiting for the client's SSLRequest"),
  TLS("in the TLS handshake"),
  LOGIN("waiting for the client's login"),
  SERVER_TLS("in the TLS handshake with the server"),
  AUTHENTICATION("authenticating"),
  COMMANDS("relaying commands"),
  CLOSED("closed");

  private final String label;

  Phase(String label) {
    this.label = label;
  }

  /** Whether the client has had no greeting yet, so that it knows no SQLSTATE. */
  boolean isBeforeGreeting() {
    return compareTo(SSL_REQUEST) < 0;
  }

  @Override
  public String toString() {
    return label;
  }
}
