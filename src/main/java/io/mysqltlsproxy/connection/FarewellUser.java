package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.protocol.HandshakeResponse;
import io.mysqltlsproxy.protocol.HandshakeV10;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.regex.Pattern;

/**
 * As whom a handshake is completed whose client is gone. Any name does, since the password is
 * missing; but MySQL 5.5 counts the login of a user that it does not know as a failed handshake
 * (measured on 5.5.9), so there it is a name that it knows: the one that has logged in last, or
 * else one that the rules have admitted.
 */
public final class FarewellUser {
  private static final Pattern COUNTS_UNKNOWN_USERS = Pattern.compile("^5\\.5\\.(?!.*MariaDB)");

  /** Written as ASCII, and no longer than such a server takes. */
  private static final Pattern USABLE = Pattern.compile("[!-~]{1,16}");

  private final boolean namesUsers;
  private volatile String loggedIn = "";
  private volatile String admitted = "";
  private volatile boolean ending;

  /**
   * As whom a server is left.
   *
   * @param namesUsers whether the name may be a user's: not where it would cross a network that
   *     nothing crosses unencrypted
   */
  FarewellUser(boolean namesUsers) {
    this.namesUsers = namesUsers;
  }

  /** The server has let this user in. */
  void loggedIn(String user) {
    if (namesUsers && !user.equals(loggedIn) && USABLE.matcher(user).matches()) {
      loggedIn = user;
    }
  }

  /** The rules have admitted this user; whether the server knows it is to be seen. */
  void admitted(String user) {
    if (namesUsers && loggedIn.isEmpty() && USABLE.matcher(user).matches()) {
      admitted = user;
    }
  }

  /** The proxy is ending: nobody will log in any more. */
  void stopWaiting() {
    ending = true;
  }

  /** The name to give. */
  String name(HandshakeV10 greeting) {
    if (!COUNTS_UNKNOWN_USERS.matcher(greeting.serverVersion()).find()) {
      return HandshakeResponse.NOBODY;
    }
    return !loggedIn.isEmpty()
        ? loggedIn
        : !admitted.isEmpty() ? admitted : HandshakeResponse.NOBODY;
  }

  /** Whether it is worth waiting for somebody to log in, so that the server knows the name. */
  boolean isWorthWaitingFor(HandshakeV10 greeting, SocketAddress server) {
    boolean counts =
        server instanceof InetSocketAddress address && !address.getAddress().isLoopbackAddress();
    return counts
        && namesUsers
        && !ending
        && loggedIn.isEmpty()
        && COUNTS_UNKNOWN_USERS.matcher(greeting.serverVersion()).find();
  }
}
