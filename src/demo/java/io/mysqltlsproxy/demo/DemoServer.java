package io.mysqltlsproxy.demo;

import io.mysqltlsproxy.testing.MariaDb;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The server of the demonstration: MySQL 5.5.9, or MariaDB with TLS off where that cannot run. */
final class DemoServer {

  private static final MariaDb MARIADB = MariaDb.MARIADB_11_4;

  private static final String PORT = "--port=";

  private DemoServer() {}

  /** A server would say so between two dozen lines of InnoDB's. */
  private static void checkFree(int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (BindException e) {
      throw new IOException(
          "port "
              + port
              + " is in use: choose another (bin/demo --server=PORT), or stop the process that is"
              + " using it",
          e);
    }
  }

  /**
   * Fetches and starts it.
   *
   * @param options more options of mysqld, e.g. {@code --port=3306}
   * @throws IOException when neither of the two runs here, saying why
   */
  static TestServer start(Console console, String... options) throws IOException {
    for (String option : options) {
      if (option.startsWith(PORT)) {
        checkFree(Integer.parseInt(option.substring(PORT.length())));
      }
    }
    if (Mysql55.isMissing()) {
      console.text("Fetching MySQL 5.5.9 from Maven Central: 140 MB, once.");
      fetch(console, "mysql-5.5");
    }
    Optional<String> problem = Mysql55.unavailable();
    if (problem.isEmpty()) {
      return Mysql55.start(options);
    }
    console.text(problem.get() + ": " + MARIADB + " with TLS off takes its place.");
    return startMariaDb(console, options);
  }

  /** Fetches and starts a newer one, which keeps what it is told of its clients. */
  static TestServer startNewer(Console console) throws IOException {
    return startMariaDb(console, "--performance-schema=ON");
  }

  private static TestServer startMariaDb(Console console, String... options) throws IOException {
    if (MARIADB.isMissing()) {
      console.text("Fetching " + MARIADB + " from Maven Central: 150 MB, once.");
      fetch(console, "mariadb");
    }
    Optional<String> problem = MARIADB.unavailable();
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
    return MARIADB.start(options);
  }

  private static void fetch(Console console, String execution) throws IOException {
    List<String> command = new ArrayList<>(List.of("mvn"));
    if (console.isTerminal()) {
      // Unlike -q this leaves the progress of the download.
      command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    } else {
      command.addAll(List.of("-q", "-B"));
    }
    command.add("dependency:copy@" + execution);
    Process maven = new ProcessBuilder(command).inheritIO().start();
    if (maven.onExit().join().exitValue() != 0) {
      throw new IOException("the server could not be fetched: " + String.join(" ", command));
    }
  }
}
