package io.mysqltlsproxy.pkcs11;

import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one PKCS#11 module, <a
 * href="https://docs.oasis-open.org/pkcs11/pkcs11-spec/v3.1/pkcs11-spec-v3.1.html">PKCS #11</a>, as
 * far as they are used here.
 *
 * <p>Not by the JDK's keystore: that one shows no key that has no certificate beside it on the
 * token, and cannot find a token by its label.
 */
final class Cryptoki {
  private static final long SERIAL_SESSION = 4;
  private static final long USER = 1;
  private static final long MAX_OBJECTS = 100;

  /** A process initializes each module once. */
  private static final Map<Path, Cryptoki> LOADED = new ConcurrentHashMap<>();

  /** To restart takes a tenth of the time at most, however long the module needs. */
  private static final int PAUSE_FACTOR = 10;

  private static final long MAX_WAIT_SECONDS = 1;

  private final Functions functions;

  /** Held to write while the module restarts, when no thread may be in it. */
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private int initializations = 1;
  private long restartedAt = System.nanoTime();

  /** To restart it, with or without success. */
  private long triedAt = restartedAt;

  private long restartNanos;

  /** What is done in the module, in one or more calls. */
  @FunctionalInterface
  interface Calls<T> {
    T make() throws CryptokiException, TokenException;
  }

  Cryptoki(Functions functions) {
    this.functions = functions;
  }

  /**
   * Loads and initializes a module; once in a process, however often it is called.
   *
   * @throws TokenException where it is no module, or does not start
   */
  static Cryptoki load(Path module) throws TokenException {
    Cryptoki known = LOADED.get(module);
    if (known != null) {
      return known;
    }
    try {
      Functions functions = JdkBinding.functions(module.toString());
      return LOADED.computeIfAbsent(module, any -> new Cryptoki(functions));
    } catch (CryptokiException e) {
      throw new TokenException(
          module + " does not start: " + e.getMessage(),
          "check the configuration of this library, for SoftHSM the file that SOFTHSM2_CONF names");
    } catch (JdkBinding.BindingException e) {
      throw new TokenException(
          module + " cannot be loaded: " + e.getMessage(),
          "give the PKCS#11 library of the token's maker, for this processor, with"
              + " module-path=FILE");
    }
  }

  /**
   * Makes calls. Where they fail because the token is away, the module is started again, since many
   * see a token that comes back only then; and they are made once more.
   */
  <T> T call(Calls<T> calls) throws CryptokiException, TokenException {
    long begun = System.nanoTime();
    try {
      return locked(calls);
    } catch (MissingTokenException e) {
      if (!restart(begun)) {
        throw e;
      }
    } catch (CryptokiException e) {
      if (!e.mayPass() || !restart(begun)) {
        throw e;
      }
    }
    return locked(calls);
  }

  private <T> T locked(Calls<T> calls) throws CryptokiException, TokenException {
    use.readLock().lock();
    try {
      return calls.make();
    } finally {
      use.readLock().unlock();
    }
  }

  /**
   * Restarts the module, unless another thread has in the meantime.
   *
   * @return whether it helps to try again
   */
  private boolean restart(long failedSince) throws CryptokiException {
    try {
      if (!use.writeLock().tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
        return false; // a call hangs: to pull the module from under it would crash the process
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      if (restartedAt - failedSince > 0) {
        return true;
      }
      long begun = System.nanoTime();
      if (begun - triedAt < PAUSE_FACTOR * restartNanos) {
        return false;
      }
      initializations++; // even where it fails: no handle of before is good any more
      try {
        functions.restart();
        restartedAt = System.nanoTime();
      } finally {
        triedAt = System.nanoTime();
        restartNanos = triedAt - begun;
      }
      return true;
    } finally {
      use.writeLock().unlock();
    }
  }

  /**
   * Counts them. A session or an object has its handle in one alone: in the next the same number
   * may be another's, on another token. Constant while {@link #call} makes its calls.
   */
  int initialization() {
    return initializations;
  }

  /** Those that have a token in them. */
  long[] slots() throws CryptokiException {
    return (long[]) functions.call("C_GetSlotList", true);
  }

  /** Empty where the token does not answer, which says nothing of those in other slots. */
  Optional<TokenInfo> tokenInfo(long slot) {
    try {
      Object info = functions.call("C_GetTokenInfo", slot);
      return Optional.of(
          new TokenInfo(
              slot,
              text(info, "label"),
              text(info, "manufacturerID"),
              text(info, "model"),
              text(info, "serialNumber"),
              number(info, "flags"),
              number(info, "ulMaxSessionCount")));
    } catch (CryptokiException gone) {
      return Optional.empty();
    }
  }

  private static String text(Object info, String field) {
    Object padded = JdkBinding.get(info, field);
    return padded == null ? "" : Utf8.text((char[]) padded).strip();
  }

  private static long number(Object info, String field) {
    Object value = JdkBinding.get(info, field);
    return value == null ? 0 : (long) value;
  }

  boolean offers(long slot, long mechanism) throws CryptokiException {
    for (long each : (long[]) functions.call("C_GetMechanismList", slot)) {
      if (each == mechanism) {
        return true;
      }
    }
    return false;
  }

  /** Read-only. */
  long openSession(long slot) throws CryptokiException {
    return (long) functions.call("C_OpenSession", slot, SERIAL_SESSION, null, null);
  }

  void closeSession(long session) throws CryptokiException {
    functions.call("C_CloseSession", session);
  }

  /** Whether the process is, in a read-only session. */
  boolean isLoggedIn(long session) throws CryptokiException {
    return number(functions.call("C_GetSessionInfo", session), "state") == 1;
  }

  /**
   * Logs the process in.
   *
   * @param pin a byte of UTF-8 in each character; null where the token asks for it itself
   */
  void login(long session, char @Nullable [] pin) throws CryptokiException {
    functions.call("C_Login", session, USER, pin);
  }

  /** The handles of the first objects that have these attributes. */
  long[] find(long session, long[] types, Object... values) throws CryptokiException {
    Object template = JdkBinding.attributes(types, values);
    functions.call("C_FindObjectsInit", session, template);
    try {
      return (long[]) functions.call("C_FindObjects", session, MAX_OBJECTS);
    } finally {
      functions.call("C_FindObjectsFinal", session);
    }
  }

  /** An attribute's value: a Long, a Boolean, characters or bytes; null where there is none. */
  @Nullable Object attribute(long session, long object, long type) {
    try {
      Object asked = JdkBinding.attributes(new long[] {type}, (Object) null);
      functions.call("C_GetAttributeValue", session, object, asked);
      return JdkBinding.get(Array.get(asked, 0), "pValue");
    } catch (CryptokiException withheld) {
      return null;
    }
  }

  byte[] sign(long session, Object mechanism, long key, byte[] data) throws CryptokiException {
    try {
      functions.call("C_SignInit", session, mechanism, key);
      return (byte[]) functions.call("C_Sign", session, data);
    } finally {
      JdkBinding.free(mechanism);
    }
  }

  /** With a mechanism whose output is as long as its input. */
  byte[] decrypt(long session, Object mechanism, long key, byte[] data) throws CryptokiException {
    byte[] out = new byte[data.length];
    functions.call("C_DecryptInit", session, mechanism, key);
    int length =
        (int)
            functions.call("C_Decrypt", session, 0L, data, 0, data.length, 0L, out, 0, out.length);
    return length == out.length ? out : Arrays.copyOf(out, length);
  }
}
