package io.mysqltlsproxy.pkcs11;

import java.util.Set;

/** What a module has answered instead of CKR_OK. */
final class CryptokiException extends Exception {
  static final long KEY_HANDLE_INVALID = 0x60;
  static final long MECHANISM_PARAM_INVALID = 0x71;
  static final long PIN_INCORRECT = 0xA0;
  static final long PIN_INVALID = 0xA1;
  static final long PIN_LEN_RANGE = 0xA2;
  static final long PIN_EXPIRED = 0xA3;
  static final long PIN_LOCKED = 0xA4;
  static final long USER_ALREADY_LOGGED_IN = 0x100;
  static final long USER_PIN_NOT_INITIALIZED = 0x102;
  static final long KEY_FUNCTION_NOT_PERMITTED = 0x68;

  /** DATA_INVALID, DATA_LEN_RANGE, ENCRYPTED_DATA_INVALID, ENCRYPTED_DATA_LEN_RANGE. */
  private static final Set<Long> DATA = Set.of(0x20L, 0x21L, 0x40L, 0x41L);

  private final long code;

  /**
   * @param code of the specification
   * @param name of the code: {@code CKR_PIN_INCORRECT}
   */
  CryptokiException(long code, String name) {
    super(name);
    this.code = code;
  }

  /**
   * Whether the token, or the way to it, may have been away, so that it helps to begin again. Not
   * where it says what it does not do with the data, the key, or the PIN: a client chooses the
   * data.
   */
  boolean mayPass() {
    boolean ofData = DATA.contains(code);
    boolean ofKeyOrMechanism = code > KEY_HANDLE_INVALID && code <= MECHANISM_PARAM_INVALID;
    boolean ofPin = code >= PIN_INCORRECT && code <= PIN_LOCKED;
    return !ofData && !ofKeyOrMechanism && !ofPin && code != USER_PIN_NOT_INITIALIZED;
  }

  long code() {
    return code;
  }
}
