package io.mysqltlsproxy.option;

/**
 * An option that cannot be used; the message is one line with its place, its value and the cure.
 */
public final class OptionException extends Exception {
  public OptionException(String message) {
    super(message.replaceAll("\\p{Cntrl}", "?"));
  }
}
