package io.mysqltlsproxy.check;

import java.io.PrintStream;

/** One line for each finding, the level first. */
public final class TextPrinter {
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final boolean colours;

  public TextPrinter(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  public void print(Findings findings) {
    for (Finding finding : findings.all()) {
      String cure = finding.cure().isEmpty() ? "" : "; " + finding.cure();
      out.println(level(finding.level()) + " " + finding.item() + ": " + finding.message() + cure);
    }
  }

  private String level(Level level) {
    String padded = "%-7s".formatted(level);
    if (!colours) {
      return padded;
    }
    String colour =
        switch (level) {
          case OK -> "\u001b[32m";
          case WARNING -> "\u001b[33m";
          case WRONG -> "\u001b[1;31m";
        };
    return colour + padded + RESET;
  }
}
