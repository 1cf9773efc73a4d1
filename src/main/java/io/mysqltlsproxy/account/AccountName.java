package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.host.HostPattern;
import io.mysqltlsproxy.text.Printable;

/**
 * Whom a rule is for, as MySQL names an account.
 *
 * @param user case-sensitive; empty for the anonymous user, who is everybody
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/account-names.html">MySQL: Specifying
 *     Account Names</a>
 */
public record AccountName(String user, HostPattern host) {

  @Override
  public String toString() {
    return Printable.quoted(user) + "@" + Printable.quoted(host.text());
  }
}
