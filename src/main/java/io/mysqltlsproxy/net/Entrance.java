package io.mysqltlsproxy.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import java.net.BindException;

/** Where clients connect. */
public interface Entrance {

  /**
   * Listens.
   *
   * @param bootstrap without an address and a kind of channel
   * @return the listening channel
   * @throws BindException when nobody can listen there; the message says where, and why
   */
  Channel open(ServerBootstrap bootstrap) throws BindException;

  /**
   * Where clients connect, as they would write it: {@code 127.0.0.1:3307}, or the path of a Unix
   * socket.
   *
   * @param listener what {@link #open} has returned
   */
  String shown(Channel listener);

  /** With the system's own words for the reason: {@code Address already in use}. */
  static BindException unusable(String where, Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    String reason = text.substring(text.lastIndexOf(':') + 1).strip();
    BindException exception = new BindException("cannot listen at " + where + ": " + reason);
    exception.initCause(cause);
    return exception;
  }
}
