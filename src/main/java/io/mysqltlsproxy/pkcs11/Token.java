package io.mysqltlsproxy.pkcs11;

import io.mysqltlsproxy.option.Pkcs11Uri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A token, and this process's sessions with it. They are kept: to log in takes long, and a token
 * logs the process out when the last one ends.
 */
final class Token {
  static final int MAX_SESSIONS = 8;

  /** A process is logged in to a token, not a key; so there is one of these for each. */
  private static final Map<List<Object>, Token> ALL = new ConcurrentHashMap<>();

  private final Pkcs11Uri uri;
  private final Optional<Path> pinFile;
  private final Cryptoki cryptoki;
  private final Semaphore places;
  private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger losses = new AtomicInteger();

  /**
   * A handle that was found in another generation may be of anything.
   *
   * @param initialization of the module
   * @param losses how often this token seemed to be gone
   */
  record Generation(int initialization, int losses) {}

  /** A session of a user who is logged in. */
  record Session(Cryptoki cryptoki, TokenInfo token, long id, Generation generation) {}

  /** What is done in a session. */
  @FunctionalInterface
  interface Work<T> {
    T in(Session session) throws CryptokiException, TokenException;
  }

  Token(Pkcs11Uri uri, Optional<Path> pinFile, Cryptoki cryptoki, int sessions) {
    this.uri = uri;
    this.pinFile = pinFile;
    this.cryptoki = cryptoki;
    places = new Semaphore(sessions);
  }

  /** The one that a URI means; nobody logs in yet. */
  static Token of(Pkcs11Uri uri, Optional<Path> pinFile) throws TokenException {
    List<Object> key = List.of(uri, pinFile);
    Token known = ALL.get(key);
    if (known != null) {
      return known;
    }
    Cryptoki cryptoki = Cryptoki.load(ModuleFile.of(uri));
    try {
      long most = cryptoki.call(() -> choose(cryptoki, uri)).maxSessions();
      int sessions = most > 0 && most < MAX_SESSIONS ? (int) most : MAX_SESSIONS;
      return ALL.computeIfAbsent(key, any -> new Token(uri, pinFile, cryptoki, sessions));
    } catch (CryptokiException e) {
      throw failed(e);
    }
  }

  private static TokenInfo choose(Cryptoki cryptoki, Pkcs11Uri uri)
      throws CryptokiException, TokenException {
    List<TokenInfo> there = new ArrayList<>();
    for (long slot : cryptoki.slots()) {
      cryptoki.tokenInfo(slot).filter(TokenInfo::isInitialized).ifPresent(there::add);
    }
    List<TokenInfo> fitting = there.stream().filter(info -> info.matches(uri)).toList();
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    if (fitting.isEmpty()) {
      throw new MissingTokenException(
          "the module has no such token"
              + (there.isEmpty() ? ", and no other" : ", but " + listed(there)),
          "check that the token is connected, and what the URI says of it");
    }
    throw new TokenException(
        "it matches more than one token: " + listed(fitting),
        "add token=LABEL, serial=NUMBER or slot-id=NUMBER to the URI");
  }

  private static String listed(List<TokenInfo> tokens) {
    return String.join(", ", tokens.stream().map(TokenInfo::described).toList());
  }

  /**
   * Does something in a session. Where that fails in one that was open already, or finds nothing
   * there, the token may have been away since: it is done once more in a new one.
   */
  <T> T use(Work<T> work) throws TokenException {
    places.acquireUninterruptibly();
    try {
      return cryptoki.call(
          () -> {
            Session open = idle();
            if (open != null) {
              try {
                return in(open, work);
              } catch (CryptokiException e) {
                if (!e.mayPass()) {
                  throw e;
                }
                forget();
              } catch (TokenException perhapsGone) {
                forget();
              }
            }
            return in(open(), work);
          });
    } catch (CryptokiException e) {
      throw failed(e);
    } finally {
      places.release();
    }
  }

  private @Nullable Session idle() {
    for (Session each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      if (each.generation().equals(generation())) {
        return each;
      }
      close(each);
    }
    return null;
  }

  private Generation generation() {
    return new Generation(cryptoki.initialization(), losses.get());
  }

  private <T> T in(Session session, Work<T> work) throws CryptokiException, TokenException {
    boolean good = false;
    try {
      T done = work.in(session);
      good = true;
      return done;
    } catch (TokenException e) {
      good = true; // the session has nothing to do with it
      throw e;
    } finally {
      if (good && session.generation().equals(generation())) {
        idle.addFirst(session);
      } else {
        close(session);
      }
    }
  }

  private void forget() {
    losses.incrementAndGet();
    for (Session each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      close(each);
    }
  }

  private void close(Session session) {
    if (session.generation().initialization() == cryptoki.initialization()) {
      close(session.id());
    }
  }

  private void close(long session) {
    try {
      cryptoki.closeSession(session);
    } catch (CryptokiException alreadyGone) {
      // As is wanted.
    }
  }

  private Session open() throws CryptokiException, TokenException {
    Generation current = generation();
    TokenInfo info = choose(cryptoki, uri);
    long session = cryptoki.openSession(info.slot());
    boolean opened = false;
    try {
      if (info.wantsLogin()) {
        Pin.login(cryptoki, info, session, pinFile);
      }
      opened = true;
      return new Session(cryptoki, info, session, current);
    } finally {
      if (!opened) {
        close(session);
      }
    }
  }

  private static TokenException failed(CryptokiException e) {
    return new TokenException(
        "the token answered " + e.getMessage(),
        e.code() == CryptokiException.KEY_FUNCTION_NOT_PERMITTED
            ? "give a key that may sign (CKA_SIGN)"
            : "check that it is connected and works: pkcs11-tool --module MODULE --login --test");
  }
}
