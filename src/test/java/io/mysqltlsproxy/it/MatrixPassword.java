package io.mysqltlsproxy.it;

/** What an account has for a password, and what its user types. */
enum MatrixPassword {
  RIGHT("right", "right", "open sesame", "open sesame"),
  WRONG("wrong", "wrong", "open sesame", "open barley"),
  EMPTY("empty", "empty", "", ""),
  /** One more than the scramble has. */
  CHARACTERS_21("21 characters", "21", "x".repeat(21), "x".repeat(21)),
  CHARACTERS_100("100 characters", "100", "0123456789".repeat(10), "0123456789".repeat(10)),
  NON_ASCII("non-ASCII", "nonascii", "p\u00e4ssw\u00f6rd", "p\u00e4ssw\u00f6rd");

  private final String label;
  private final String suffix;
  private final String ofAccount;
  private final String typed;

  MatrixPassword(String label, String suffix, String ofAccount, String typed) {
    this.label = label;
    this.suffix = suffix;
    this.ofAccount = ofAccount;
    this.typed = typed;
  }

  String suffix() {
    return suffix;
  }

  String ofAccount() {
    return ofAccount;
  }

  String typed() {
    return typed;
  }

  boolean isRight() {
    return ofAccount.equals(typed);
  }

  @Override
  public String toString() {
    return label;
  }
}
