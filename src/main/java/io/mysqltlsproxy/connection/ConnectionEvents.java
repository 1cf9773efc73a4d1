package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.tls.TlsSession;
import java.time.Duration;
import java.util.Optional;

/**
 * Listener for connection events, called on the connection's event loop: it must not block or
 * throw. Every connection is {@link #accepted} once and {@link #ended} once, and {@link #loggedIn}
 * at most once in between.
 */
public interface ConnectionEvents {
  /** Nobody listens. */
  ConnectionEvents NONE = new ConnectionEvents() {};

  /** A client has connected, and is in {@link Phase#CONNECTING}. */
  default void accepted() {}

  /** A connection goes over to another phase, at last to {@link Phase#CLOSED}. */
  default void moved(Phase from, Phase to) {}

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
  default void ended(CloseReason closeReason, boolean loggedIn) {}

  /** Who is told what crosses the sockets; empty where nothing shall be measured. */
  default Optional<TrafficEvents> traffic() {
    return Optional.empty();
  }
}
