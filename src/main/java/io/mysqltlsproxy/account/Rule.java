package io.mysqltlsproxy.account;

import java.util.Optional;

/**
 * What holds for one account after all statements.
 *
 * @param require empty where no statement says it: then {@code --require} holds
 * @param hashes what the server stores of its passwords, as far as the statements say
 * @param place the file and line of the statement that was the last to say who may come in
 */
public record Rule(
    AccountName account,
    Optional<Require> require,
    boolean locked,
    StoredHashes hashes,
    String place) {

  /** Whether both demand the same of their accounts, wherever they are written. */
  boolean saysTheSameAs(Rule other) {
    return locked == other.locked && require.equals(other.require) && hashes.equals(other.hashes);
  }

  @Override
  public String toString() {
    return account + " (" + place + ")";
  }
}
