package io.mysqltlsproxy.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.mysqltlsproxy.option.LogFormat;
import io.mysqltlsproxy.option.LogLevel;
import org.slf4j.LoggerFactory;

/** What the options say about the log; the form of its text is in {@code logback.xml}. */
public final class Logging {
  private static final String APPENDER = "STDERR";

  private Logging() {}

  public static void setLevel(LogLevel level) {
    root().setLevel(Level.valueOf(level.name()));
  }

  public static void setFormat(LogFormat format) {
    Logger root = root();
    if (format == LogFormat.JSON && root.getAppender(APPENDER) instanceof BackgroundAppender log) {
      JsonLines encoder = new JsonLines();
      encoder.setContext(root.getLoggerContext());
      encoder.start();
      log.setEncoder(encoder);
    }
  }

  /** Waits until what was logged is written: for those who look into the log at a word. */
  public static void flush() {
    if (root().getAppender(APPENDER) instanceof BackgroundAppender log) {
      log.flush();
    }
  }

  /**
   * How many lines were dropped because nobody read standard error or they could not be formatted.
   *
   * @param audit of the audit, or of all other loggers
   */
  public static long dropped(boolean audit) {
    return root().getAppender(APPENDER) instanceof BackgroundAppender log ? log.dropped(audit) : 0;
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
