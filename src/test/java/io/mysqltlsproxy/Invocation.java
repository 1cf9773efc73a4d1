package io.mysqltlsproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What came of a command line.
 *
 * @param status the exit status
 */
record Invocation(int status, String out, String err) {

  /** Runs a command that ends by itself, without an option file. */
  static Invocation of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.execute(
            args,
            Map.of("MYSQL_TLS_PROXY_DEFAULTS_FILE", "/dev/null"),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    return new Invocation(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Wrong options, which are said in one line on standard error. */
  static Invocation wrongOptions(String message) {
    return new Invocation(2, "", "mysql-tls-proxy: " + message + "\n");
  }
}
