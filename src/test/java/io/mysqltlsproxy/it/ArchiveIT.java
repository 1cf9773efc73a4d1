package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that {@code mvn package} makes, unpacked as its users unpack it. */
class ArchiveIT {

  @Test
  void itsLauncherRunsWithoutTheCloneThatItWasMadeIn(@TempDir Path temporary) throws IOException {
    Path program = unpacked(temporary).resolve("bin").resolve("mysql-tls-proxy");

    Tool.Result certs = run(temporary, program, "certs");
    assertEquals(0, certs.status(), certs::error);
    Tool.Result check =
        run(
            temporary,
            program,
            "run",
            "--ssl-cert=server-cert.pem",
            "--ssl-key=server-key.pem",
            "--print-defaults");
    assertEquals(0, check.status(), check::error);
    assertTrue(check.text().contains("--ssl-cert="), check::text);
  }

  @Test
  void itHoldsTheLicencesOfItsLibraries(@TempDir Path temporary) throws IOException {
    Path home = unpacked(temporary);
    String licences = Files.readString(home.resolve("THIRD-PARTY.txt"));

    try (Stream<Path> libraries = Files.list(home.resolve("lib"))) {
      List<String> unlisted =
          libraries
              .map(jar -> jar.getFileName().toString().replaceFirst("-\\d.*", ""))
              .filter(artifact -> !licences.contains(":" + artifact + ":"))
              .toList();
      assertEquals(List.of(), unlisted);
    }
  }

  private static Path unpacked(Path directory) throws IOException {
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      Path archive =
          built.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
      Path home = Files.createDirectory(directory.resolve("home"));
      Tool.Result tar =
          Tool.run(
              "tar", "-xzf", archive.toString(), "-C", home.toString(), "--strip-components=1");
      assertEquals(0, tar.status(), tar::error);
      return home;
    }
  }

  private static Tool.Result run(Path directory, Path program, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return Tool.run(builder.directory(directory.toFile()));
  }
}
