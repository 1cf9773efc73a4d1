package io.mysqltlsproxy.certs;

/** Why nothing was made or changed; the message is one line that names the file and the cure. */
public final class CertsException extends Exception {
  CertsException(String place, String reason, String cure) {
    super((place + ": " + reason + "; " + cure).replaceAll("\\p{Cntrl}", "?"));
  }
}
