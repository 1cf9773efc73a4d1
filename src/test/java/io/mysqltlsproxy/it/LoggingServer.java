package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** Once every client but this one has gone, of whom the server could still log the end. */
  Mark mark() throws IOException, InterruptedException {
    awaitOthersEnd();
    return new Mark(read(generalLog).length(), read(errorLog()).length());
  }

  /** The lines of both logs behind the mark, once every client but this one has gone. */
  String loggedSince(Mark mark) throws IOException, InterruptedException {
    awaitOthersEnd();
    return loggedSoFar(mark);
  }

  /** The lines of both logs behind the mark, while clients are there who may add to them. */
  String loggedSoFar(Mark mark) throws IOException {
    return read(generalLog).substring(mark.general) + read(errorLog()).substring(mark.error);
  }

  private void awaitOthersEnd() throws InterruptedException {
    String others = "SELECT user FROM information_schema.processlist WHERE user <> 'root'";
    Await.assertBecomes(List.of(), () -> server.sql(others));
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
