package io.mysqltlsproxy.account;

/** A quoted text that is not what its place wants: why, and what to write instead. */
final class BadText extends Exception {
  private final String cure;

  BadText(String reason, String cure) {
    super(reason);
    this.cure = cure;
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  String cure() {
    return cure;
  }
}
