package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.PasswordlessLogin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The users that the server has been seen to know, the latest thousand. An account may be dropped
 * at any time, so what was seen is certain for a moment only. Not safe for use by several threads.
 */
final class KnownUsers {
  /** Written as ASCII, and no longer than such a server takes. */
  private static final Pattern USABLE = Pattern.compile("[!-~]{1,16}");

  private static final int MAX = 1000;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** When they were seen last, as {@link System#nanoTime}; the latest comes last. */
  private final Map<String, Long> seen = new LinkedHashMap<>();

  private Optional<String> suspect = Optional.empty();

  boolean isEmpty() {
    return seen.isEmpty();
  }

  /** Whether the server has just been seen to know the user. */
  boolean isFresh(String user) {
    Long at = seen.get(user);
    return at != null && System.nanoTime() - at < FRESH_NANOS;
  }

  /** Whether it knew the user, and nothing speaks against it. */
  boolean isTrusted(String user) {
    return seen.containsKey(user) && suspect.filter(user::equals).isEmpty();
  }

  /** The server has taken the user's login, or has asked for the password. */
  void saw(String user) {
    if (USABLE.matcher(user).matches()) {
      seen.remove(user);
      seen.put(user, System.nanoTime());
      if (seen.size() > MAX) {
        seen.remove(seen.keySet().iterator().next());
      }
    }
  }

  /** A wrong password, or the account is gone: the next login of the proxy's own will tell. */
  void suspect(String user) {
    if (seen.containsKey(user)) {
      suspect = Optional.of(user);
    }
  }

  /** It has told. */
  void told(String user, boolean rejected) {
    suspect = Optional.empty();
    if (rejected) {
      seen.remove(user);
    } else {
      saw(user);
    }
  }

  /** As whom the proxy logs in itself, so that it hears of an account that is gone. */
  String suspectOrLatest() {
    return suspect.orElseGet(this::latest);
  }

  /** Who was seen last; a name that no server has, where nobody was. */
  String latest() {
    String latest = PasswordlessLogin.NOBODY;
    for (String each : seen.keySet()) {
      latest = each;
    }
    return latest;
  }
}
