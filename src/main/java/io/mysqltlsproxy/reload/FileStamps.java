package io.mysqltlsproxy.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By what files are told from what they were: identity, size, and the times of the last change of
 * their content and of anything else. That works on every file system, for what an editor replaces,
 * for what keeps its time of modification, and for Kubernetes' volumes, which turn a symbolic link
 * to a new directory. A directory counts by its files. What cannot be looked at counts as missing:
 * the load will say what is wrong.
 */
record FileStamps(Map<Path, Stamp> stamps) {

  /**
   * One file.
   *
   * @param key the file system's identity of it, such as the inode
   * @param regular whether it is one that can be half written
   * @param changed the last change of the inode, permissions included; the last modification where
   *     the file system does not know
   */
  record Stamp(
      Path real,
      @Nullable Object key,
      boolean regular,
      Object modified,
      FileTime changed,
      long size) {}

  FileStamps {
    stamps = Map.copyOf(stamps);
  }

  /** Of files and directories, as they are now. */
  static FileStamps of(List<Path> watched) {
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
    return new FileStamps(stamps);
  }

  private static void put(Path path, Map<Path, Stamp> stamps) {
    try {
      Path real = path.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      long size = attributes.isRegularFile() ? attributes.size() : 0;
      stamps.put(
          path,
          new Stamp(
              real,
              attributes.fileKey(),
              attributes.isRegularFile(),
              attributes.lastModifiedTime(),
              changed(real, attributes),
              size));
    } catch (IOException missing) {
      stamps.remove(path);
    }
  }

  private static FileTime changed(Path real, BasicFileAttributes attributes) throws IOException {
    try {
      return (FileTime) Files.getAttribute(real, "unix:ctime");
    } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
      return attributes.lastModifiedTime();
    }
  }

  /** Whether a file is missing, or shorter, that was there before. */
  boolean isLessThan(FileStamps before) {
    return before.stamps.entrySet().stream()
        .anyMatch(
            entry -> {
              Stamp now = stamps.get(entry.getKey());
              return now == null || now.size < entry.getValue().size;
            });
  }

  /** Whether a file is another one than before, as after a renaming, and was there then. */
  boolean hasAnother(Path path, FileStamps before) {
    Stamp now = stamps.get(path);
    Stamp was = before.stamps.get(path);
    return now != null && was != null && !Objects.equals(now.key, was.key);
  }

  /** Whether a file is the same one with other content, and not one that was moved there. */
  boolean isRewritten(Path path, FileStamps before) {
    Stamp now = stamps.get(path);
    Stamp was = before.stamps.get(path);
    return now != null
        && was != null
        && Objects.equals(now.key, was.key)
        && !(now.modified.equals(was.modified) && now.size == was.size);
  }

  /** Whether a file has the same stamp, or is missing, both now and before. */
  boolean hasSame(Path path, FileStamps before) {
    return Objects.equals(stamps.get(path), before.stamps.get(path));
  }

  /** Whether one was changed after this moment, by the clock of its file system. */
  boolean areChangedAfter(Instant moment) {
    return stamps.values().stream().anyMatch(stamp -> stamp.changed.toInstant().isAfter(moment));
  }

  /** The regular files, by their stamps. */
  List<Stamp> regular() {
    return stamps.values().stream().filter(Stamp::regular).toList();
  }

  /** The same of one of them; empty where it is missing or no regular file. */
  List<Stamp> regular(Path path) {
    return Stream.ofNullable(stamps.get(path)).filter(Stamp::regular).toList();
  }

  /** The regular files that have another stamp than before, by their stamps. */
  List<Stamp> changedSince(FileStamps before) {
    List<Stamp> changed = new ArrayList<>();
    stamps.forEach(
        (path, stamp) -> {
          if (stamp.regular && !stamp.equals(before.stamps.get(path))) {
            changed.add(stamp);
          }
        });
    return changed;
  }
}
