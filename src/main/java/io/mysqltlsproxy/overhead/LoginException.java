package io.mysqltlsproxy.overhead;

/** A login that cannot succeed. The message is one line for the user. */
final class LoginException extends Exception {
  LoginException(String message) {
    super(message);
  }
}
