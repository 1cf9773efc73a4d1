package io.mysqltlsproxy.pkcs11;

import org.jspecify.annotations.Nullable;

/** The functions of a module, by their names and with their arguments in PKCS #11. */
interface Functions {
  /** Calls one. */
  Object call(String name, @Nullable Object... arguments) throws CryptokiException;

  /** Ends the module, in which no other thread may be, and initializes it again. */
  void restart() throws CryptokiException;
}
