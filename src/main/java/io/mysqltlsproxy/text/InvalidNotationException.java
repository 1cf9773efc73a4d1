package io.mysqltlsproxy.text;

/** A quoted text that is not what its place wants: why, and what to write instead. */
public final class InvalidNotationException extends Exception {
  private final String hint;

  public InvalidNotationException(String reason, String hint) {
    super(reason);
    this.hint = hint;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  public String hint() {
    return hint;
  }
}
