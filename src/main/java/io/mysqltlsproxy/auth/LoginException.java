package io.mysqltlsproxy.auth;

/** A login that cannot succeed. The message is one line for the user. */
public final class LoginException extends Exception {
  public LoginException(String message) {
    super(message);
  }
}
