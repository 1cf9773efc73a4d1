package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.it.Page.Step;
import io.mysqltlsproxy.it.Terminal.Typed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A newcomer, on a machine that has nothing but Debian and a clone, who types what README.md and
 * docs/tutorial.md say, sees what they show.
 */
class NewcomerIT {
  private static final Path README = Path.of("README.md");
  private static final Path TUTORIAL = Path.of("docs", "tutorial.md");

  /** In the README: the whole test run, and what needs a container engine. */
  private static final List<String> NOT_HERE = List.of("mvn verify ", "docker ", "sudo ");

  /** Commands that stay until Ctrl-C, each with what it says when it is up. */
  private static final Map<String, String> STAYING =
      Map.of("bin/demo ", "Ctrl-C ends it.", "bin/mysql-tls-proxy run ", "ready:");

  private static final Pattern OWN_CLIENT =
      Pattern.compile("Your own client:\\n((?:.*\\\\\\n)+.*)\\n");

  @Test
  void theReadmeThenTheTutorialWorkOnAFreshMachine() throws IOException {
    FreshMachine.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    try (FreshMachine machine = FreshMachine.start()) {
      followTheReadme(machine);
      followTheTutorial(machine);
    }
  }

  private static void followTheReadme(FreshMachine machine) throws IOException {
    List<Step> steps = Page.read(README).steps();
    Terminal terminal = machine.terminal();
    for (Step step : steps) {
      for (String command : step.commands()) {
        Optional<String> up = whatItSaysWhenUp(command);
        if (up.isPresent()) {
          String output = machine.terminal().typeAndAwait(command, up.get());
          assertFalse(output.contains("✘"), output);
          logInAsItSays(output, terminal);
        } else if (NOT_HERE.stream().noneMatch(command::startsWith)) {
          String output = typeAndSucceed(terminal, command);
          step.shown().ifPresent(shown -> step.assertShows(output));
        }
      }
    }
  }

  private static Optional<String> whatItSaysWhenUp(String command) {
    return STAYING.keySet().stream().filter(command::startsWith).map(STAYING::get).findFirst();
  }

  /** With the command line for the reader's own client, where one was printed. */
  private static void logInAsItSays(String output, Terminal terminal) throws IOException {
    if (output.contains("Your own client:")) {
      Matcher client = OWN_CLIENT.matcher(output);
      assertTrue(client.find(), output);
      String status = typeAndSucceed(terminal, client.group(1) + " -e '\\s'");
      assertTrue(status.contains("Cipher in use is TLS_"), status);
    }
  }

  private static String typeAndSucceed(Terminal terminal, String command) throws IOException {
    Typed typed = terminal.type(command);
    assertEquals(0, typed.status(), () -> command + "\n" + typed.output());
    return typed.output();
  }

  private static void followTheTutorial(FreshMachine machine) throws IOException {
    Terminal terminal = machine.terminal();
    for (Step step : Page.read(TUTORIAL).steps()) {
      step.assertShows(terminal.type(step.text()).output());
    }
  }
}
