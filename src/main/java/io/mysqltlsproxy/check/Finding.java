package io.mysqltlsproxy.check;

import io.mysqltlsproxy.text.Printable;

/**
 * What is to be said about an item.
 *
 * @param message what is so, or wrong: one line
 * @param hint what to do, where possible a command; empty where all is well
 */
public record Finding(Item item, Level level, String message, String hint) {
  public Finding {
    message = Printable.bounded(message);
    hint = Printable.bounded(hint);
  }
}
