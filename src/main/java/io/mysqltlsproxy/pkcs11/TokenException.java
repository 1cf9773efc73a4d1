package io.mysqltlsproxy.pkcs11;

import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import java.security.SignatureException;

/** Why a key on a token cannot be used, and what to do about it. */
public class TokenException extends SignatureException {
  private final String hint;

  /** Both are clauses without a full stop. */
  TokenException(String reason, String hint) {
    super(reason);
    this.hint = hint;
  }

  /** What to do about it; {@link #getMessage} is what is wrong. */
  public String hint() {
    return hint;
  }

  /** The exception for the option that names the key. */
  public OptionException of(Option<?> option, OptionValues values) {
    return values.wrong(option, String.valueOf(getMessage()), hint);
  }
}
