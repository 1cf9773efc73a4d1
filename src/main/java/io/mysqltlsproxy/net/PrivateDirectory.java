package io.mysqltlsproxy.net;

import io.mysqltlsproxy.option.ProcessUser;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Set;

/**
 * A directory for this user alone, made in one that others may be able to write to. Those could
 * rename it and put a link in its place. So its path leads by its descriptor, {@code
 * /proc/self/fd/N}, and always to the directory that was made, on systems that have such paths.
 */
final class PrivateDirectory implements Closeable {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Set<PosixFilePermission> WRITING_OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path name;
  private final DirectoryStream<Path> descriptor;
  private final Path path;

  private PrivateDirectory(Path name, DirectoryStream<Path> descriptor, Path path) {
    this.name = name;
    this.descriptor = descriptor;
    this.path = path;
  }

  /** Makes one. */
  static PrivateDirectory in(Path parent) throws IOException {
    return in(parent, DESCRIPTORS);
  }

  /**
   * Makes one, and leaves nothing behind where that fails.
   *
   * @param descriptors the directory of this process's open files
   */
  static PrivateDirectory in(Path parent, Path descriptors) throws IOException {
    Path name = Files.createTempDirectory(parent, ".mysql-tls-proxy-");
    try {
      return open(name, descriptors);
    } catch (IOException e) {
      delete(name);
      throw e;
    }
  }

  @SuppressWarnings("StreamResourceLeak") // stays open until this is closed
  private static PrivateDirectory open(Path name, Path descriptors) throws IOException {
    DirectoryStream<Path> descriptor = Files.newDirectoryStream(name);
    try {
      return new PrivateDirectory(name, descriptor, path(name, descriptor, descriptors));
    } catch (IOException e) {
      descriptor.close();
      throw e;
    }
  }

  private static Path path(Path name, DirectoryStream<Path> descriptor, Path descriptors)
      throws IOException {
    if (!(descriptor instanceof SecureDirectoryStream<Path> secure)
        || !Files.isDirectory(descriptors)) {
      return name;
    }
    PosixFileAttributes opened =
        secure.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      for (Path each : all) {
        if (opened.fileKey().equals(fileKey(each)) && isPrivate(each, opened)) {
          return each;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    throw new IOException("somebody has replaced " + name);
  }

  private static Object fileKey(Path open) throws IOException {
    try {
      return Files.readAttributes(open, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException closedMeanwhile) {
      return closedMeanwhile;
    }
  }

  private static boolean isPrivate(Path directory, PosixFileAttributes attributes)
      throws IOException {
    Object owner = Files.getAttribute(directory, "unix:uid");
    return ProcessUser.number().filter(number -> number.equals(owner)).isPresent()
        && Collections.disjoint(attributes.permissions(), WRITING_OF_OTHERS);
  }

  /** The path of a file in it, while it is open. */
  Path resolve(Path file) {
    return path.resolve(file);
  }

  /** Deletes the directory, which must be empty by now. */
  @Override
  public void close() {
    try {
      descriptor.close();
    } catch (IOException e) {
      // The directory is deleted all the same.
    }
    delete(name);
  }

  private static void delete(Path name) {
    try {
      Files.deleteIfExists(name);
    } catch (IOException e) {
      // Left behind under a name that nothing reads.
    }
  }
}
