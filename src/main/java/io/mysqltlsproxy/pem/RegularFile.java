package io.mysqltlsproxy.pem;

import io.mysqltlsproxy.option.FileAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads regular files of bounded length. Anything else, such as a FIFO, a device or a socket, is
 * rejected before it is opened: opening a FIFO blocks until there is a writer, and reading a device
 * may never end.
 */
public final class RegularFile {
  private RegularFile() {}

  /**
   * The file's bytes.
   *
   * @param maxBytes the longest file to accept
   * @throws UnusableFileException where it cannot be read, is longer, or is not a regular file
   */
  public static byte[] read(Path file, int maxBytes) throws UnusableFileException {
    try {
      check(file);
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
          throw new UnusableFileException(
              "is longer than " + (maxBytes >> 20) + " MiB", "check that it is the right file");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static void check(Path file) throws IOException, UnusableFileException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new UnusableFileException("is a directory", "give a file");
    }
    if (!attributes.isRegularFile()) {
      throw new UnusableFileException(
          "is not a regular file but a FIFO, a socket or a device", "give a regular file");
    }
  }

  /** Why a file or directory cannot be read, with the remedy for that cause. */
  static UnusableFileException unusable(Path file, IOException e) {
    String reason = reason(e);
    if (e instanceof NoSuchFileException) {
      return new UnusableFileException("no such file", "check the path");
    }
    if (e instanceof AccessDeniedException) {
      return new UnusableFileException("permission denied", FileAccess.readHint(file));
    }
    if (e instanceof NotDirectoryException || reason.contains("Not a directory")) {
      return new UnusableFileException("a part of its path is not a directory", "check the path");
    }
    if (reason.contains("Too many open files")) {
      return new UnusableFileException(
          "cannot be opened: too many open files in this process or on this machine",
          "raise the limit of open files (ulimit -n, or LimitNOFILE= of the systemd unit)");
    }
    return new UnusableFileException(
        "cannot be read: " + reason, "check the file and the disk that it is on");
  }

  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException failed ? failed.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
