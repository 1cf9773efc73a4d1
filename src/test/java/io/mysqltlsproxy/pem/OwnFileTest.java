package io.mysqltlsproxy.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Files that the program has made, and those of others. */
class OwnFileTest {
  /** Only root can give a file away. */
  @Test
  @EnabledIfSystemProperty(named = "user.name", matches = "root")
  void userNumbersAreUnsigned(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("key.pem"));
    assertEquals(Optional.empty(), OwnFile.problem(file));

    Files.setAttribute(file, "unix:uid", Integer.parseUnsignedInt("3000000000"));

    assertEquals(
        Optional.of("belongs to uid 3000000000, not to the user root (uid 0)"),
        OwnFile.problem(file));
  }
}
