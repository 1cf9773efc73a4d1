package io.mysqltlsproxy.pkcs11;

/** The token is not there. */
final class MissingTokenException extends TokenException {
  MissingTokenException(String reason, String hint) {
    super(reason, hint);
  }
}
