package io.mysqltlsproxy.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A private directory in one that others may be able to write to. */
class PrivateDirectoryTest {
  private final Path parent;
  private final Path noDescriptors;

  PrivateDirectoryTest(@TempDir Path temporary) throws IOException {
    parent = Files.createDirectory(temporary.resolve("shared"));
    noDescriptors = Files.createDirectory(temporary.resolve("fd"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.toList();
    }
  }

  @Test
  void nothingIsLeftOfADirectoryThatIsClosed() throws Exception {
    try (PrivateDirectory directory = PrivateDirectory.in(parent)) {
      Path file = Files.createFile(directory.resolve(Path.of("file")));
      assertEquals(1, files().size());
      assertTrue(Files.exists(files().get(0).resolve("file")));
      Files.delete(file);
    }

    assertEquals(List.of(), files());
  }

  @Test
  void nothingIsLeftOfADirectoryThatCannotBeFoundAmongTheOpenOnes() throws Exception {
    IOException failure =
        assertThrows(IOException.class, () -> PrivateDirectory.in(parent, noDescriptors));

    assertTrue(String.valueOf(failure.getMessage()).startsWith("somebody has replaced " + parent));
    assertEquals(List.of(), files());
  }
}
