package io.mysqltlsproxy.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How to let this process use a file that it has no permission for. */
public final class FileAccess {
  private FileAccess() {}

  /**
   * What to do about a file that cannot be read, as a clause with the user and the command: {@code
   * let uid 3307 read it: chown 3307 /etc/mysql-tls-proxy/server-key.pem}.
   */
  public static String readHint(Path file) {
    String user = ProcessUser.described();
    return closedDirectory(file)
        .map(directory -> "let %s enter %s: chmod a+x %2$s".formatted(user, directory))
        .orElseGet(() -> "let %s read it: %s".formatted(user, chown(file)));
  }

  /** What to do about a directory in which nothing can be written, as a clause. */
  public static String writeHint(Path directory) {
    return "let %s write to it: %s".formatted(ProcessUser.described(), chown(directory));
  }

  /** The outermost directory above the file that this process cannot enter. */
  private static Optional<Path> closedDirectory(Path file) {
    Path closed = null;
    for (Path directory = absolute(file).getParent();
        directory != null && !Files.isExecutable(directory);
        directory = directory.getParent()) {
      closed = directory;
    }
    return Optional.ofNullable(closed);
  }

  private static String chown(Path file) {
    return "chown " + ProcessUser.owner() + " " + absolute(file);
  }

  private static Path absolute(Path file) {
    return file.toAbsolutePath().normalize();
  }
}
