package io.mysqltlsproxy.pkcs11;

import io.mysqltlsproxy.pem.Passphrase;
import io.mysqltlsproxy.pem.UnusableFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to a token, with the PIN in a file. A token counts wrong PINs and locks itself after a
 * few, so one that was refused is not tried again in this process, by whichever URI.
 */
final class Pin {
  /** Salted hashes: of which token, and which PIN. */
  private static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();

  /** Of each token, held while a PIN is tried. */
  private static final Map<List<String>, Object> LOCKS = new ConcurrentHashMap<>();

  private static final byte[] SALT = new SecureRandom().generateSeed(16);

  private Pin() {}

  /**
   * Logs the process in, where it is not.
   *
   * @param file the PIN is its first line
   * @throws TokenException where the PIN is missing, wrong or not to be tried
   */
  static void login(Cryptoki cryptoki, TokenInfo token, long session, Optional<Path> file)
      throws TokenException, CryptokiException {
    synchronized (LOCKS.computeIfAbsent(token.identity(), any -> new Object())) {
      if (!cryptoki.isLoggedIn(session)) {
        // Another URI may have cost a try meanwhile.
        logIn(cryptoki, cryptoki.tokenInfo(token.slot()).orElse(token), session, file);
      }
    }
  }

  private static void logIn(Cryptoki cryptoki, TokenInfo token, long session, Optional<Path> file)
      throws TokenException, CryptokiException {
    if (token.isLocked()) {
      throw locked(token);
    }
    if (token.isAtTheFinalTry()) {
      throw new TokenException(
          "one more wrong PIN would lock the token " + token.described() + ", so none is tried",
          "log in to it with the right PIN once, which resets its count: pkcs11-tool --module"
              + " MODULE --login --list-objects");
    }
    if (file.isEmpty()) {
      if (!token.asksForThePinItself()) {
        throw new TokenException(
            "the token " + token.described() + " wants a PIN",
            "write it to a file that only the proxy can read, and give"
                + " --ssl-key-passphrase-file=FILE, or pin-source=file:/PATH in the URI");
      }
      tryOnce(cryptoki, token, session, null, "its own keypad");
      return;
    }
    try (Passphrase pin = Passphrase.read(file.get(), "write the PIN there")) {
      char[] bytes = Utf8.bytes(pin.chars());
      try {
        tryOnce(cryptoki, token, session, bytes, file.get().toString());
      } finally {
        Arrays.fill(bytes, '\0');
      }
    } catch (UnusableFileException e) {
      throw new TokenException("PIN of " + file.get() + ": " + e.getMessage(), e.hint());
    }
  }

  private static void tryOnce(
      Cryptoki cryptoki, TokenInfo token, long session, char @Nullable [] pin, String source)
      throws TokenException, CryptokiException {
    String hash = pin == null ? "" : hash(token, pin);
    if (REFUSED.contains(hash)) {
      throw wrong(token, source);
    }
    try {
      cryptoki.login(session, pin);
    } catch (CryptokiException e) {
      if (e.code() == CryptokiException.PIN_INCORRECT
          || e.code() == CryptokiException.PIN_INVALID
          || e.code() == CryptokiException.PIN_LEN_RANGE) {
        if (pin != null) {
          REFUSED.add(hash);
        }
        throw wrong(token, source);
      }
      if (e.code() == CryptokiException.PIN_LOCKED) {
        throw locked(token);
      }
      if (e.code() == CryptokiException.PIN_EXPIRED
          || e.code() == CryptokiException.USER_PIN_NOT_INITIALIZED) {
        throw new TokenException(
            "the PIN of the token " + token.described() + " is not in force: " + e.getMessage(),
            "set the user's PIN with the tool of the token's maker");
      }
      if (e.code() != CryptokiException.USER_ALREADY_LOGGED_IN) {
        throw e;
      }
    }
  }

  private static TokenException wrong(TokenInfo token, String source) {
    return new TokenException(
        "the PIN of " + source + " is not that of the token " + token.described(),
        "write the right one there; this one is not tried again, since a token locks itself after"
            + " some wrong PINs");
  }

  private static TokenException locked(TokenInfo token) {
    return new TokenException(
        "the token " + token.described() + " is locked after too many wrong PINs",
        "unlock it with the PIN of its security officer");
  }

  private static String hash(TokenInfo token, char[] pin) {
    byte[] bytes = new byte[pin.length];
    for (int i = 0; i < pin.length; i++) {
      bytes[i] = (byte) pin[i];
    }
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      hash.update(SALT);
      hash.update(bytes);
      return token.identity() + HexFormat.of().formatHex(hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
