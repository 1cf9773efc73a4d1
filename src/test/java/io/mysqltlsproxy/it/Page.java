package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a page in Markdown has its reader type: each {@code sh} block, with the {@code text} block
 * that follows it, if one does.
 */
record Page(List<Step> steps) {

  /**
   * A block of commands.
   *
   * @param text the commands, a line each
   * @param shown what they print, where the page has that
   */
  record Step(String text, Optional<String> shown) {
    private static final Pattern BETWEEN_COMMANDS = Pattern.compile("(?<!\\\\)\\n");

    /** Its commands one by one, each with the lines on which it goes on after a backslash. */
    List<String> commands() {
      return BETWEEN_COMMANDS.splitAsStream(text).toList();
    }

    /** Fails unless this is what the page shows, which is nothing where it shows none. */
    void assertShows(String output) {
      assertTrue(
          pattern().matcher(output).matches(),
          () -> text + "printed\n" + output + "where the page shows\n" + shown.orElse(""));
    }

    /** Where {@code ...} stands for the rest of a line, and alone on a line for any lines. */
    private Pattern pattern() {
      StringBuilder pattern = new StringBuilder();
      for (String line : shown.orElse("").lines().toList()) {
        pattern.append(
            line.equals("...") ? "(?:.*\\n)*" : "\\Q" + line.replace("...", "\\E.*\\Q") + "\\E\\n");
      }
      return Pattern.compile(pattern.toString());
    }
  }

  static Page read(Path file) throws IOException {
    List<Step> steps = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    String kind = "";
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("```")) {
        block.append(kind.isEmpty() ? "" : line + "\n");
        continue;
      }
      if (kind.equals("sh")) {
        steps.add(new Step(block.toString(), Optional.empty()));
      } else if (kind.equals("text")) {
        Step step = steps.remove(steps.size() - 1);
        steps.add(new Step(step.text(), Optional.of(block.toString())));
      }
      kind = line.substring("```".length());
      block.setLength(0);
    }
    assertEquals("", kind, "the last block is closed");
    return new Page(steps);
  }
}
