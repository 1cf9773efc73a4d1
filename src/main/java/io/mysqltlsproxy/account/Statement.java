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
    List<AccountName> accounts,
    boolean onlyIfNew,
    Optional<Require> require,
    Optional<Boolean> locked,
    int line) {}
