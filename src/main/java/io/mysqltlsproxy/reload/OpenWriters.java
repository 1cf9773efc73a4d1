package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.reload.FileStamps.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Other processes that have a file open for writing, by what Linux shows in {@code /proc}: all
 * processes to root, and otherwise those of the same user.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html">proc_pid_fdinfo(5)</a>
 */
final class OpenWriters {
  private static final Path PROC = Path.of("/proc");
  private static final String FLAGS = "flags:";

  /** The access mode within the flags of open(2); 0 is reading only. */
  private static final int ACCESS_MODE = 3;

  private OpenWriters() {}

  /** A process that has a file open for writing. */
  record Writer(Path file, String process) {
    /** {@code FILE is open for writing by the process 4711 (cp)}. */
    String described() {
      return file + " is open for writing by the process " + process;
    }
  }

  /** The first that is found. */
  static Optional<Writer> of(Collection<Stamp> files) {
    if (files.isEmpty() || !Files.isDirectory(PROC)) {
      return Optional.empty();
    }
    String self = String.valueOf(ProcessHandle.current().pid());
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (process.endsWith(self)) {
          continue;
        }
        Optional<Stamp> open = openForWriting(process, files);
        if (open.isPresent()) {
          return Optional.of(new Writer(open.get().real(), name(process)));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<Stamp> openForWriting(Path process, Collection<Stamp> files) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        for (Stamp file : files) {
          if (isAt(descriptor, file) && isWritable(process, descriptor)) {
            return Optional.of(file);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException | UncheckedIOException goneOrNotOurs) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** The name is compared first, since only few files have it. */
  private static boolean isAt(Path descriptor, Stamp file) {
    try {
      return file.real().getFileName().equals(Files.readSymbolicLink(descriptor).getFileName())
          && Objects.equals(
              file.key(), Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey());
    } catch (IOException closed) {
      return false;
    }
  }

  private static boolean isWritable(Path process, Path descriptor) throws IOException {
    Path info = process.resolve("fdinfo").resolve(descriptor.getFileName());
    return Files.readAllLines(info).stream()
        .filter(line -> line.startsWith(FLAGS))
        .map(line -> Integer.parseInt(line.substring(FLAGS.length()).strip(), 8))
        .anyMatch(flags -> (flags & ACCESS_MODE) != 0);
  }

  /** {@code 4711 (rsync)}. */
  private static String name(Path process) {
    try {
      List<String> lines = Files.readAllLines(process.resolve("comm"));
      return process.getFileName() + " (" + String.join("", lines) + ")";
    } catch (IOException gone) {
      return process.getFileName().toString();
    }
  }
}
