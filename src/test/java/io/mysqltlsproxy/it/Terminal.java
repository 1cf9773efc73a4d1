package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A shell into which commands are typed; what they print on either output is one text. */
final class Terminal implements AutoCloseable {
  private static final String END = "~~~ end, status ";
  private static final int TIMEOUT_MINUTES = 25;

  private final Process shell;
  private final BufferedWriter in;
  private final BufferedReader out;
  private final StringBuilder printed = new StringBuilder();

  /** What commands have printed, and the status of the last one. */
  record Typed(String output, int status) {}

  /**
   * Opens one, for 25 minutes at most.
   *
   * @param command that is the shell, e.g. {@code bash}
   */
  Terminal(List<String> command) throws IOException {
    shell = new ProcessBuilder(command).redirectErrorStream(true).start();
    in = shell.outputWriter(StandardCharsets.UTF_8);
    out = shell.inputReader(StandardCharsets.UTF_8);
    CompletableFuture.delayedExecutor(TIMEOUT_MINUTES, TimeUnit.MINUTES)
        .execute(shell::destroyForcibly);
  }

  /** Types commands and waits for their end. */
  Typed type(String commands) throws IOException {
    enter(commands + "\necho \"" + END + "$?\"");
    String end = awaitLine(line -> line.startsWith(END));
    return new Typed(printed.toString(), Integer.parseInt(end.substring(END.length())));
  }

  /** Types a command that stays, and gives what it prints before a line that has this in it. */
  String typeAndAwait(String command, String part) throws IOException {
    enter(command);
    awaitLine(line -> line.contains(part));
    return printed.toString();
  }

  private void enter(String commands) throws IOException {
    printed.setLength(0);
    in.write(commands + "\n");
    in.flush();
  }

  private String awaitLine(Predicate<String> awaited) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (awaited.test(line)) {
        return line;
      }
      printed.append(line).append('\n');
    }
    return fail("the shell ended, or has been ended, after\n" + printed);
  }

  @Override
  public void close() {
    shell.destroy();
  }
}
