package io.mysqltlsproxy.account;

import java.util.Optional;

/**
 * What holds for one account after all statements.
 *
 * @param require empty where no statement says it: then {@code --require} holds
 * @param place the file and line of the statement that was the last to change it
 */
public record Rule(AccountName account, Optional<Require> require, boolean locked, String place) {

  @Override
  public String toString() {
    return account + " (" + place + ")";
  }
}
