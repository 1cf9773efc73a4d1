package io.mysqltlsproxy.it;

/**
 * A login, or a change of user from {@link #FIRST_USER}, who has no password.
 *
 * @param login whom it shall end as
 */
record Attempt(Login login, boolean changesUser) {
  static final String FIRST_USER = "first";

  /** Whom the session begins as. */
  Login first() {
    return changesUser ? login.as(FIRST_USER, "") : login;
  }
}
