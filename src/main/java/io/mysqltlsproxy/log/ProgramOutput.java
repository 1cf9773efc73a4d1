package io.mysqltlsproxy.log;

import io.mysqltlsproxy.option.LogFormat;
import java.io.PrintStream;
import java.time.Instant;
import org.slf4j.event.Level;

/**
 * What {@code run} says beside its log, in the log's format: that it is ready, on standard output,
 * and why it could not start, on standard error.
 *
 * @param program what an error in text begins with
 */
public record ProgramOutput(String program, LogFormat format, PrintStream out, PrintStream err) {

  /**
   * Says that clients are accepted.
   *
   * @param message begins {@code ready: }
   */
  public void ready(String message) {
    out.println(format == LogFormat.JSON ? json(Level.INFO, message) : message);
  }

  /** Says why the program ends. */
  public void failed(String message) {
    err.println(format == LogFormat.JSON ? json(Level.ERROR, message) : program + ": " + message);
  }

  private static String json(Level level, String message) {
    return JsonLines.line(Instant.now(), level, "run", message);
  }
}
