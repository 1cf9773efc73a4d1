package io.mysqltlsproxy.option;

import io.mysqltlsproxy.text.Printable;

/**
 * An option that cannot be used; the message is one line with its place, its value and the cure.
 */
public final class OptionException extends Exception {
  public OptionException(String message) {
    super(Printable.oneLine(message));
  }
}
