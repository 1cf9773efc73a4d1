package io.mysqltlsproxy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.mysqltlsproxy.option.LogLevel;
import org.slf4j.LoggerFactory;

/** What the options say about the log; its form is in {@code logback.xml}. */
final class Logging {
  private Logging() {}

  static void setLevel(LogLevel level) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.valueOf(level.name()));
  }
}
