package io.mysqltlsproxy.account;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;

/** What {@link Rules} say to a login. Only they can make one. */
public sealed interface Decision permits Admitted, Refused {

  /** The login may go on to the server. Nothing is relayed without one of these. */
  final class Admitted implements Decision {
    private final Login login;
    private final String rule;
    private final StoredHashes hashes;

    Admitted(Login login, String rule, StoredHashes hashes) {
      this.login = login;
      this.rule = rule;
      this.hashes = hashes;
    }

    public Login login() {
      return login;
    }

    /** What let it in: the account and the place of its rule, or {@code --require}. */
    public String rule() {
      return rule;
    }

    /** What the rules know of the passwords of the user's accounts, first that which let it in. */
    public StoredHashes hashes() {
      return hashes;
    }
  }

  /** The login must not reach the server. */
  final class Refused implements Decision {
    /** What kind of requirement was not met. */
    public enum Cause {
      RULE,
      INSECURE_TRANSPORT,
      ACCOUNT_LOCKED
    }

    private final Cause cause;
    private final int code;
    private final String sqlState;
    private final String message;
    private final String reason;

    Refused(Cause cause, int code, String sqlState, String message, String reason) {
      this.cause = cause;
      this.code = code;
      this.sqlState = sqlState;
      this.message = message;
      this.reason = reason;
    }

    /** For logs and metrics; the client is not told about a lock. */
    public Cause cause() {
      return cause;
    }

    /** MySQL's error number. */
    public int code() {
      return code;
    }

    public String sqlState() {
      return sqlState;
    }

    /** MySQL's text, for the client. */
    public String message() {
      return message;
    }

    /** What was missing, for the log. */
    public String reason() {
      return reason;
    }
  }
}
