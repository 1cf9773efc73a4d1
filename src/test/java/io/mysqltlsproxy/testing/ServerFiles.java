package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files that servers are made of: archives under {@code target/servers}, data in temporary
 * directories.
 */
final class ServerFiles {

  /** Where {@code mvn dependency:copy@…} puts the archives, and where they are unpacked. */
  static final Path ARCHIVES = Path.of("target", "servers").toAbsolutePath();

  /** Fills a new directory. */
  interface Filler {
    void fill(Path directory) throws IOException;
  }

  private ServerFiles() {}

  /**
   * A directory under {@link #ARCHIVES} that is filled the first time it is asked for, or not at
   * all.
   */
  static Path once(String name, Filler filler) throws IOException {
    Path directory = ARCHIVES.resolve(name);
    if (Files.isDirectory(directory)) {
      return directory;
    }
    Path unfinished = ARCHIVES.resolve(name + "." + UUID.randomUUID());
    Files.createDirectories(unfinished);
    filler.fill(unfinished);
    try {
      Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(unfinished);
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    return directory;
  }

  /** Unpacks one directory of a zip file, which may itself lie inside another. */
  static void unzip(Path archive, String directory, Path to) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(archive)) {
      copy(zip.getPath(directory), to);
    }
  }

  /** Makes every file of a directory executable: zip files know nothing of permissions. */
  static void makeExecutable(Path directory) throws IOException {
    try (Stream<Path> programs = Files.list(directory)) {
      for (Path program : programs.toList()) {
        if (!program.toFile().setExecutable(true, false)) {
          throw new IOException("cannot make " + program + " executable");
        }
      }
    }
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isLinuxX64() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }
}
