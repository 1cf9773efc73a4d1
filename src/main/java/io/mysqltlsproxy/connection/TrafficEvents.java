package io.mysqltlsproxy.connection;

/**
 * What crosses the sockets, and what it costs; told on the connection's event loop, many times a
 * second: nothing here may block, throw or take its time.
 */
public interface TrafficEvents {

  /** What TLS spends its time on. */
  enum TlsWork {
    /** Everything until the handshake has ended, but not waiting for the client. */
    HANDSHAKE,
    DECRYPT,
    ENCRYPT
  }

  /** So many bytes, TLS's own included, were read from the socket of that side. */
  void received(Side side, long bytes);

  /** So many bytes, TLS's own included, were written for the socket of that side. */
  void sent(Side side, long bytes);

  /**
   * TLS has worked so long: measured in a handshake, and after it estimated, each time that was
   * measured standing for all those that were not.
   */
  void worked(TlsWork work, long nanos);

  /**
   * After the login, what one reading of a side's socket brought was passed to the other side:
   * decrypted or encrypted, and written to its socket. Told of a sample of the readings.
   *
   * @param nanos since it was read
   */
  void relayed(Side from, long nanos);
}
