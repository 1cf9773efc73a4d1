package io.mysqltlsproxy.pem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory of PEM files, of which those count that are named as they should be. */
public final class PemDirectory {
  private PemDirectory() {}

  /**
   * The files, by name.
   *
   * @param names matches the whole name of a file that counts
   * @param fileOption what to give for a single file: {@code --ssl-ca}
   */
  public static List<Path> files(Path directory, Pattern names, String fileOption)
      throws UnusableFileException {
    if (!Files.isDirectory(directory)) {
      throw Files.exists(directory)
          ? new UnusableFileException(
              "not a directory", "give a directory, or a file with " + fileOption)
          : new UnusableFileException("no such directory", "check the path");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> names.matcher(file.getFileName().toString()).matches())
          .filter(file -> !Files.isDirectory(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw RegularFile.unusable(directory, e);
    }
  }
}
