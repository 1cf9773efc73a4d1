package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that whoever watches it finds whole, and never empty or half written. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes it beside the old one, in whose place it then comes. */
  public static Path write(Path file, String text) throws IOException {
    Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
    return Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
