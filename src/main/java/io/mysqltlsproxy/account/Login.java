package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.host.ClientHost;
import java.util.Set;

/**
 * Who asks to come in.
 *
 * @param user the account's name as the server will read it
 * @param readings all names as which it may read it, that among them
 * @param usesPassword whether an authentication response came with the name
 */
public record Login(
    String user, Set<String> readings, ClientHost host, boolean usesPassword, Transport transport) {

  public Login {
    readings = Set.copyOf(readings);
  }

  /** A login whose name can be read in one way only. */
  public Login(String user, ClientHost host, boolean usesPassword, Transport transport) {
    this(user, Set.of(user), host, usesPassword, transport);
  }
}
