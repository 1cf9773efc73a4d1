package io.mysqltlsproxy.auth;

/**
 * Who logs in.
 *
 * @param password in UTF-8; empty for none
 * @param database the one to use; empty for none
 */
public record Account(String user, byte[] password, String database) {
  @Override
  public String toString() {
    return "Account[" + user + ", password REDACTED, " + database + "]";
  }
}
