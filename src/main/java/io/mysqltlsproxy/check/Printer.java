package io.mysqltlsproxy.check;

/** Prints the results of a check. */
public interface Printer {

  void print(Findings findings);

  void print(DryRun.Outcome outcome);
}
