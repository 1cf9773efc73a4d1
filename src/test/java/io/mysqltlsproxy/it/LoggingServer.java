package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A MySQL 5.5.9 of a test's own that logs all it can: whoever logs in or fails to, and every
 * command.
 */
record LoggingServer(TestServer server, Path generalLog) implements AutoCloseable {

  /** With more options of mysqld. */
  static LoggingServer start(Path directory, String... options) throws IOException {
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    Path log = directory.resolve("general.log");
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--general-log=ON");
    all.add("--general-log-file=" + log);
    all.add("--log-warnings=2");
    return new LoggingServer(Mysql55.start(all.toArray(String[]::new)), log);
  }

  /** How much it has logged, for {@link #loggedSince}. */
  record Mark(int general, int error) {}

  Mark mark() throws IOException {
    return new Mark(read(generalLog).length(), read(errorLog()).length());
  }

  /** The lines of both logs behind the mark, once every client but this one has gone. */
  String loggedSince(Mark mark) throws IOException, InterruptedException {
    String others = "SELECT COUNT(*) FROM information_schema.processlist WHERE user <> 'root'";
    for (int i = 0; i < 500 && !server.sql(others).get(0).get(0).equals("0"); i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertEquals("0", server.sql(others).get(0).get(0), "clients that have not gone");
    return read(generalLog).substring(mark.general) + read(errorLog()).substring(mark.error);
  }

  private Path errorLog() {
    return server.socket().orElseThrow().resolveSibling("error.log");
  }

  private static String read(Path log) throws IOException {
    return Files.readString(log, ISO_8859_1);
  }

  @Override
  public void close() {
    server.close();
  }
}
