package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.text.Printable;

/** Why nothing was made or changed; the message is one line that names the file and the cure. */
public final class CertsException extends Exception {
  CertsException(String place, String reason, String hint) {
    super(Printable.oneLine(place + ": " + reason + "; " + hint));
  }
}
