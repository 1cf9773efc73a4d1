package io.mysqltlsproxy.auth;

/** No key, or none that this password fits. The message is for the client. */
public final class UnusableKeyException extends Exception {
  UnusableKeyException(String message) {
    super(message);
  }

  UnusableKeyException(String message, Exception cause) {
    super(message, cause);
  }
}
