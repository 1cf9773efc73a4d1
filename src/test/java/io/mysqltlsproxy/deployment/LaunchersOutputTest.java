package io.mysqltlsproxy.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launchers on a fresh clone, with a {@code mvn} and a {@code java} that print colours. */
class LaunchersOutputTest {
  private static final String MAVEN =
      "#!/bin/sh\nprintf '\\033[1;31mERROR\\033[m no network\\033[0m'\nexit %d\n";

  private final Path clone;

  LaunchersOutputTest(@TempDir Path clone) throws IOException {
    this.clone = clone;
    Files.createDirectories(clone.resolve("bin"));
    Files.createDirectories(clone.resolve("src"));
    Files.createDirectories(clone.resolve("target"));
    Files.writeString(clone.resolve("pom.xml"), "");
    executable(
        "java", "#!/bin/sh\n[ \"$1\" = -version ] && echo 'openjdk version \"17.0.1\"'\nexit 0\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "mysql-tls-proxy"})
  void aFailedBuildIsToldWithoutEscapeSequencesAndEndsTheLauncher(String launcher)
      throws Exception {
    executable("mvn", MAVEN.formatted(1));

    Process process = start(launcher);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(1, process.waitFor(), output);
    assertTrue(output.contains("ERROR no network"), output);
    assertFalse(output.contains("\u001b"), output);
  }

  @Test
  void theDemoGoesOnAfterTheBuild() throws Exception {
    executable("mvn", MAVEN.formatted(0));
    Files.writeString(clone.resolve("target/demo.classpath"), "libraries");
    Files.setLastModifiedTime(clone.resolve("target/demo.classpath"), FileTime.fromMillis(0));

    assertEquals(0, start("demo").waitFor());
  }

  @Test
  void theDemoKnowsThatAPipeIsNoTerminal() throws Exception {
    Files.writeString(clone.resolve("target/demo.classpath"), "libraries");
    executable("java", "#!/bin/sh\necho \"$@\"\n");

    Process process = start("demo");
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertTrue(output.contains("-Ddemo.terminal=false"), output);
  }

  private Process start(String launcher) throws IOException {
    Path script = clone.resolve("bin").resolve(launcher);
    Files.copy(Path.of("bin", launcher), script);
    ProcessBuilder builder = new ProcessBuilder(script.toString()).redirectErrorStream(true);
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", clone + ":" + System.getenv("PATH"));
    return builder.start();
  }

  private void executable(String name, String text) throws IOException {
    Path file = Files.writeString(clone.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
