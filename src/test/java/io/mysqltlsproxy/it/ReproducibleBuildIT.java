package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who builds the program from the same files gets the same bytes. */
class ReproducibleBuildIT {

  @Test
  void anotherBuildElsewhereAndInAnotherTimeZoneMakesTheSameJarAndArchive(@TempDir Path copy)
      throws IOException {
    CleanCopy.unpackBy("tar -x -C " + copy);
    // The copy has no repository.
    String commit =
        "-Dgit.commit.id.describe=" + commitOf(Path.of("target", "mysql-tls-proxy.jar"));
    ProcessBuilder build =
        new ProcessBuilder("mvn", "-o", "-q", "-B", "-Dmaven.test.skip=true", commit, "package");
    build.environment().put("JAVA_HOME", System.getProperty("java.home"));
    build.environment().put("TZ", "Asia/Tokyo");
    build.environment().put("LC_ALL", "C");

    Tool.Result built = Tool.run(build.directory(copy.toFile()));

    assertEquals(0, built.status(), () -> built.text() + built.error());
    assertSame(copy, Path.of("target", "mysql-tls-proxy.jar"));
    assertSame(copy, Archive.file());
  }

  private static String commitOf(Path jar) throws IOException {
    try (JarFile packaged = new JarFile(jar.toFile())) {
      String commit = packaged.getManifest().getMainAttributes().getValue("Build-Commit");
      return Objects.requireNonNullElse(commit, "");
    }
  }

  private static void assertSame(Path copy, Path file) throws IOException {
    assertEquals(-1, Files.mismatch(file, copy.resolve(file)), () -> file + " differs, at byte");
  }
}
