package io.mysqltlsproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * What came of a command line.
 *
 * @param status the exit status
 */
record Invocation(int status, String out, String err) {

  /**
   * Runs a command that ends by itself, without an option file. It sets the level of its process's
   * log, which here is that of all tests.
   */
  static Invocation of(String... args) {
    return of(Map.of(), args);
  }

  /** The same with more variables in the environment. */
  static Invocation of(Map<String, String> environment, String... args) {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    try {
      return execute(environment, args);
    } finally {
      root.setLevel(level);
    }
  }

  private static Invocation execute(Map<String, String> environment, String... args) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("MYSQL_TLS_PROXY_DEFAULTS_FILE", "/dev/null");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.execute(
            args, variables, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new Invocation(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Wrong options, which are said in one line on standard error. */
  static Invocation wrongOptions(String message) {
    return new Invocation(2, "", "mysql-tls-proxy: " + message + "\n");
  }
}
