package io.mysqltlsproxy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/** What the demonstration prints: steps that were right or wrong, with their evidence. */
final class Console {

  private final boolean terminal = Boolean.getBoolean("demo.terminal");
  // System.out would turn the marks into question marks where the locale is C.
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
  private boolean allRight = true;

  /** Prints a step; {@code right} is whether it showed what it should. */
  void step(boolean right, String text) {
    allRight &= right;
    out.println((right ? colour(32, "✔") : colour(31, "✘")) + " " + text);
  }

  void detail(String label, Object value) {
    out.printf("    %-21s%s%n", label, value);
  }

  void text(String line) {
    out.println(line);
  }

  boolean allRight() {
    return allRight;
  }

  boolean isTerminal() {
    return terminal;
  }

  private String colour(int code, String text) {
    return terminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
