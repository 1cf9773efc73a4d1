package io.mysqltlsproxy.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells when files have changed, by asking for their identity, time and size: that works on every
 * file system, for what an editor replaces, and for Kubernetes' volumes, which turn a symbolic link
 * to a new directory. A directory has changed when one of its files has.
 *
 * <p>Files that are still being written are left alone until they have been the same for two looks
 * in a row.
 */
final class FileWatch {
  /** Files that never come to rest are taken as they are after so many looks. */
  private static final int MAX_LOOKS = 10;

  /**
   * One file.
   *
   * @param key the file system's identity of it, such as the inode
   */
  private record Stamp(Path real, @Nullable Object key, FileTime modified, long size) {}

  private final List<Path> watched;
  private Map<Path, Stamp> taken;
  private Map<Path, Stamp> before;
  private int looks;

  /** Files and directories, which may be missing, as they are now. */
  FileWatch(List<Path> watched) {
    this.watched = List.copyOf(watched);
    taken = stamps();
    before = taken;
  }

  /** Takes the files as they are now for known. */
  void take() {
    taken = stamps();
    before = taken;
    looks = 0;
  }

  /** Whether they have changed since they were last taken, and come to rest; if so, takes them. */
  boolean changed() {
    Map<Path, Stamp> now = stamps();
    boolean resting = now.equals(before);
    before = now;
    if (now.equals(taken)) {
      looks = 0;
      return false;
    }
    if (!resting && ++looks < MAX_LOOKS) {
      return false;
    }
    taken = now;
    looks = 0;
    return true;
  }

  private Map<Path, Stamp> stamps() {
    Map<Path, Stamp> stamps = new TreeMap<>();
    for (Path path : watched) {
      put(path, stamps);
      if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.list(path)) {
          files.forEach(file -> put(file, stamps));
        } catch (IOException | UncheckedIOException e) {
          stamps.remove(path);
        }
      }
    }
    return stamps;
  }

  /** A file that cannot be looked at counts as missing: the load will say what is wrong. */
  private static void put(Path path, Map<Path, Stamp> stamps) {
    try {
      Path real = path.toRealPath();
      BasicFileAttributes attributes =
          Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      stamps.put(
          path,
          new Stamp(real, attributes.fileKey(), attributes.lastModifiedTime(), attributes.size()));
    } catch (IOException missing) {
      stamps.remove(path);
    }
  }
}
