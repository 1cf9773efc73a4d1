package io.mysqltlsproxy.protocol;

/**
 * A login or change of user that is well formed, but that the proxy cannot relay safely. The
 * message quotes nothing of the packet and is for the client, too: it says what to change.
 */
public final class UnsupportedLoginException extends MalformedPacketException {
  public UnsupportedLoginException(String message) {
    super(message);
  }
}
