package io.mysqltlsproxy.deployment;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code .github/workflows}: what a linter does not ask of them. */
class WorkflowsTest {
  private static final Path DIRECTORY = Path.of(".github", "workflows");
  private static final Pattern USES = Pattern.compile("(?m)^\\s*(?:- )?uses: (.*)$");
  private static final Pattern PINNED =
      Pattern.compile("[a-z-]+/[a-z-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");
  private static final Pattern SECRET = Pattern.compile("secrets\\.(\\w+)");

  static List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyActionIsPinnedToACommitAndSaysWhichVersionItIs(Path workflow) throws IOException {
    List<String> loose =
        USES.matcher(Files.readString(workflow))
            .results()
            .map(use -> use.group(1))
            .filter(action -> !PINNED.matcher(action).matches())
            .toList();

    assertEquals(List.of(), loose);
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void aForkNeedsNoSecretOfItsOwn(Path workflow) throws IOException {
    List<String> secrets =
        SECRET
            .matcher(Files.readString(workflow))
            .results()
            .map(s -> s.group(1))
            .distinct()
            .toList();

    assertTrue(List.of("GITHUB_TOKEN").containsAll(secrets), secrets::toString);
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void aJobMayOnlyReadUnlessItSaysMore(Path workflow) throws IOException {
    assertEquals(Map.of("contents", "read"), parsed(workflow, "permissions"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyScriptIsOneThatBashUnderstands(Path workflow) throws Exception {
    List<String> scripts =
        parsed(workflow, "jobs").values().stream()
            .flatMap(job -> ((List<?>) requireNonNull(((Map<?, ?>) job).get("steps"))).stream())
            .map(step -> ((Map<?, ?>) step).get("run"))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .toList();
    assertFalse(scripts.isEmpty());

    for (String script : scripts) {
      assertFalse(script.contains("${{"), () -> "give it as a variable: " + script);
      assertEquals("", bash(script, "-n"), script);
    }
  }

  @Test
  void theNotesOfAReleaseAreItsSectionOfTheChangelog() throws Exception {
    Matcher awk =
        Pattern.compile("(?s)awk -v .*?CHANGELOG\\.md")
            .matcher(Files.readString(DIRECTORY.resolve("release.yml")));
    assertTrue(awk.find());

    String notes = bash("VERSION=" + PomVersion.read() + "\n" + awk.group());

    assertTrue(notes.strip().startsWith("The first version:"), notes);
    assertFalse(notes.contains("## "), notes);
  }

  /** One of the maps at the top of a workflow. */
  private static Map<?, ?> parsed(Path workflow, String key) throws IOException {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    Map<String, Object> top = yaml.load(Files.readString(workflow));
    return (Map<?, ?>) requireNonNull(top.get(key));
  }

  /** What bash prints, on either output. */
  private static String bash(String script, String... options) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash");
    builder.command().addAll(List.of(options));
    builder.command().addAll(List.of("-c", script));
    Process bash = builder.redirectErrorStream(true).start();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), output);
    return output;
  }
}
