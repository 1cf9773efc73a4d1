package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line with which {@code run} says that it takes clients, and where. */
final class ReadyLine {
  private static final Pattern LINE = Pattern.compile("(?m)^ready: .*?127\\.0\\.0\\.1:(\\d+)\\b.*");

  private ReadyLine() {}

  static boolean isIn(String log) {
    return LINE.matcher(log).find();
  }

  /** The port on which this log says that clients connect. */
  static int port(String log) {
    Matcher line = LINE.matcher(log);
    assertTrue(line.find(), log);
    return Integer.parseInt(line.group(1));
  }
}
