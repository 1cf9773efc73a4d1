package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.mysqltlsproxy.testing.Mysql55;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A newcomer who types what docs/tutorial.md says sees what it shows. */
class TutorialIT {
  private static final Path PAGE = Path.of("docs", "tutorial.md");
  private static final String END = "~~~ end, status ";

  /**
   * A block of commands.
   *
   * @param expected what they print; empty for nothing
   */
  private record Step(String commands, String expected) {}

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void everyCommandPrintsWhatThePageShows() throws IOException {
    new MariaDbCli().unavailable().ifPresent(Assumptions::abort);
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    // The demonstration would run the build that runs this.
    Files.writeString(Path.of("target", "demo.classpath"), System.getProperty("java.class.path"));
    ProcessBuilder builder = new ProcessBuilder("bash").redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process shell = builder.start();
    try (BufferedWriter in = shell.outputWriter(StandardCharsets.UTF_8);
        BufferedReader out = shell.inputReader(StandardCharsets.UTF_8)) {
      try {
        for (Step step : steps(Files.readAllLines(PAGE))) {
          in.write(step.commands() + "echo \"" + END + "$?\"\n");
          in.flush();
          assertPrints(step, outputOfOneStep(out, step));
        }
      } finally {
        // Before the shell sees the end of its input, and leaves its children alone.
        shell.descendants().forEach(ProcessHandle::destroy);
        shell.destroy();
      }
    }
  }

  private static String outputOfOneStep(BufferedReader out, Step step) throws IOException {
    StringBuilder output = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(END)) {
        return output.toString();
      }
      output.append(line).append('\n');
    }
    return fail("the shell ended in:\n" + step.commands() + output);
  }

  private static void assertPrints(Step step, String output) {
    assertTrue(
        pattern(step.expected()).matcher(output).matches(),
        () -> step.commands() + "printed\n" + output + "where the page shows\n" + step.expected());
  }

  /** Where {@code ...} stands for the rest of a line, and alone on a line for any lines. */
  private static Pattern pattern(String expected) {
    StringBuilder pattern = new StringBuilder();
    for (String line : expected.lines().toList()) {
      pattern.append(
          line.equals("...") ? "(?:.*\\n)*" : "\\Q" + line.replace("...", "\\E.*\\Q") + "\\E\\n");
    }
    return Pattern.compile(pattern.toString());
  }

  /** Each {@code sh} block, with the {@code text} block that follows it, if one does. */
  private static List<Step> steps(List<String> lines) {
    List<Step> steps = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    String kind = "";
    for (String line : lines) {
      if (!line.startsWith("```")) {
        block.append(kind.isEmpty() ? "" : line + "\n");
        continue;
      }
      if (kind.equals("sh")) {
        steps.add(new Step(block.toString(), ""));
      } else if (kind.equals("text")) {
        Step step = steps.remove(steps.size() - 1);
        steps.add(new Step(step.commands(), block.toString()));
      }
      kind = line.substring("```".length());
      block.setLength(0);
    }
    assertEquals("", kind, "the last block is closed");
    return steps;
  }
}
