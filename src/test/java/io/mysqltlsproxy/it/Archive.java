package io.mysqltlsproxy.it;

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
}
