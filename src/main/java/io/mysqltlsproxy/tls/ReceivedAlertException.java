package io.mysqltlsproxy.tls;

import javax.net.ssl.SSLException;

/** The client has ended the handshake with an alert. */
final class ReceivedAlertException extends SSLException {
  private static final long serialVersionUID = 1;

  private final Alert alert;

  ReceivedAlertException(Alert alert, Throwable cause) {
    super("Received alert: " + alert, cause);
    this.alert = alert;
  }

  Alert alert() {
    return alert;
  }
}
