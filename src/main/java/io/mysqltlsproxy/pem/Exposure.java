package io.mysqltlsproxy.pem;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;

/** Who can read or replace a file that holds a secret. */
public enum Exposure {
  OWNER,
  GROUP,
  EVERYONE;

  /** By the file's permissions; {@link #OWNER} where it has none, or is not there. */
  public static Exposure of(Path file) {
    Set<PosixFilePermission> permissions = permissions(file);
    if (permissions.contains(OTHERS_READ) || permissions.contains(OTHERS_WRITE)) {
      return EVERYONE;
    }
    return permissions.contains(GROUP_READ) || permissions.contains(GROUP_WRITE) ? GROUP : OWNER;
  }

  /** Who can write to a file, or put another into a directory. */
  public static Exposure ofWriting(Path file) {
    Set<PosixFilePermission> permissions = permissions(file);
    if (permissions.contains(OTHERS_WRITE)) {
      return EVERYONE;
    }
    return permissions.contains(GROUP_WRITE) ? GROUP : OWNER;
  }

  private static Set<PosixFilePermission> permissions(Path file) {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return Set.of();
    }
    try {
      return view.readAttributes().permissions();
    } catch (IOException e) {
      return Set.of();
    }
  }

  /** What to do about it, as a clause. */
  public static String hint(Path file) {
    return "chmod 600 " + file;
  }

  /** Logs a warning where everyone can use the file. */
  public static void warn(Path file, Logger log) {
    if (of(file) == EVERYONE) {
      log.warn("everyone on this machine can use {}; {}", file, hint(file));
    }
  }
}
