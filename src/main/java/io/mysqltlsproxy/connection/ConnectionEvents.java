package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.tls.TlsSession;
import java.time.Duration;

/**
 * What befalls connections, told as it happens and on the connection's event loop: nothing here may
 * block or throw. Every connection is {@link #accepted} once and {@link #ended} once, and {@link
 * #loggedIn} at most once in between.
 */
public interface ConnectionEvents {
  /** Nobody listens. */
  ConnectionEvents NONE = new ConnectionEvents() {};

  /** A client has connected. */
  default void accepted() {}

  /** The connection to the server stands. */
  default void serverConnected(Duration took) {}

  /**
   * The TLS handshake has succeeded.
   *
   * @param took from the client's SSLRequest on
   */
  default void encrypted(TlsSession session, Duration took) {}

  /** The server has said OK to the login. */
  default void loggedIn() {}

  /**
   * The connection has ended.
   *
   * @param loggedIn whether {@link #loggedIn} was told before
   */
  default void ended(Ending ending, boolean loggedIn) {}
}
