package io.mysqltlsproxy.check;

import java.io.PrintStream;

/** One line for each finding, the level first; colours where a terminal shows them. */
public final class TextPrinter implements Printer {
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final boolean colours;

  public TextPrinter(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  @Override
  public void print(Findings findings) {
    for (Finding finding : findings.all()) {
      String hint = finding.hint().isEmpty() ? "" : "; " + finding.hint();
      out.println(
          coloured(finding.level(), "%-7s".formatted(finding.level()))
              + " "
              + finding.item()
              + ": "
              + finding.message()
              + hint);
    }
  }

  @Override
  public void print(DryRun.Outcome outcome) {
    if (outcome.admitted()) {
      String over = outcome.cipher().isEmpty() ? "without TLS" : "over " + outcome.cipher();
      out.println(coloured(Level.OK, "admitted") + " by " + outcome.rule() + ", " + over);
    } else {
      out.println(
          coloured(Level.WRONG, "refused") + ": " + outcome.error() + ": " + outcome.reason());
    }
  }

  private String coloured(Level level, String text) {
    if (!colours) {
      return text;
    }
    String colour =
        switch (level) {
          case OK -> "\u001b[32m";
          case WARNING -> "\u001b[33m";
          case WRONG -> "\u001b[1;31m";
        };
    return colour + text + RESET;
  }
}
