package io.mysqltlsproxy.account;

import java.util.List;
import java.util.Optional;

/**
 * What a GRANT, CREATE USER or ALTER USER says about its accounts.
 *
 * @param onlyIfNew CREATE USER IF NOT EXISTS: an account that is there stays as it is
 * @param require empty where the statement has no REQUIRE
 * @param locked empty where the statement has no ACCOUNT LOCK or UNLOCK
 * @param line where it begins
 */
public record Statement(
    List<Named> accounts,
    boolean onlyIfNew,
    Optional<Require> require,
    Optional<Boolean> locked,
    int line) {

  /**
   * One of the accounts.
   *
   * @param hashes what is stored of its passwords; empty where the statement does not say
   */
  public record Named(AccountName account, Optional<StoredHashes> hashes) {}

  /** Whether it changes who may come in. */
  boolean isRule() {
    return require.isPresent() || locked.isPresent();
  }
}
