package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the repository that is made from the program, and that a test holds to it. */
final class GeneratedFile {
  private GeneratedFile() {}

  /**
   * Holds the file to its text, or writes it where {@code -Dregenerate=true} was given.
   *
   * @param command what to run when the file is out of date
   */
  static void assertCurrent(Path file, String text, String command) throws IOException {
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    }
    String outOfDate = file + " is not what the program makes of it; run " + command;
    assertEquals(text, Files.exists(file) ? Files.readString(file) : "", outOfDate);
  }
}
