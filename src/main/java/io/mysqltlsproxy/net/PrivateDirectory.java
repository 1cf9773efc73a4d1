package io.mysqltlsproxy.net;

import io.mysqltlsproxy.option.ProcessUser;
import java.io.Closeable;
import java.io.IOException;
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
  @SuppressWarnings("StreamResourceLeak") // stays open until this is closed
  static PrivateDirectory in(Path parent) throws IOException {
    Path name = Files.createTempDirectory(parent, ".mysql-tls-proxy-");
    DirectoryStream<Path> descriptor = Files.newDirectoryStream(name);
    try {
      return new PrivateDirectory(name, descriptor, path(name, descriptor));
    } catch (IOException e) {
      descriptor.close();
      throw e;
    }
  }

  private static Path path(Path name, DirectoryStream<Path> descriptor) throws IOException {
    if (!(descriptor instanceof SecureDirectoryStream<Path> secure)
        || !Files.isDirectory(DESCRIPTORS)) {
      return name;
    }
    PosixFileAttributes opened =
        secure.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path each : all) {
        if (opened.fileKey().equals(fileKey(each)) && isPrivate(each, opened)) {
          return each;
        }
      }
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
    String owner = String.valueOf(Files.getAttribute(directory, "unix:uid"));
    return ProcessUser.uid().filter(owner::equals).isPresent()
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
      Files.deleteIfExists(name);
    } catch (IOException e) {
      // Left behind under a name that nothing reads.
    }
  }
}
