package io.mysqltlsproxy.check;

/** Shows what came of a check. */
public interface Printer {

  void print(Findings findings);

  void print(DryRun.Outcome outcome);
}
