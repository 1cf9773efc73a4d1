package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The archive that {@code mvn package} has made. */
final class Archive {
  private Archive() {}

  static Path file() throws IOException {
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      return built.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
  }

  /** Unpacks it so that the directory holds {@code bin}, {@code lib} and the rest. */
  static void unpack(Path directory) throws IOException {
    String archive = file().toString();
    Tool.Result unpacked =
        Tool.run("tar", "-xzf", archive, "-C", directory.toString(), "--strip-components=1");
    assertEquals(0, unpacked.status(), unpacked::error);
  }
}
