package io.mysqltlsproxy.certs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Files of one directory that are written all together or not at all. */
final class FileSet {

  private enum Kind {
    PUBLIC("rw-r--r--"),
    /** From the moment of its creation nobody but its owner can read it. */
    SECRET("rw-------");

    private final String permissions;

    Kind(String permissions) {
      this.permissions = permissions;
    }
  }

  /**
   * A file to be.
   *
   * @param kept whether one that already exists stays, unless it may be overwritten
   */
  private record Content(String text, Kind kind, boolean kept) {}

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_AND_READING_GROUP =
      PosixFilePermissions.fromString("rw-r-----");

  private final Path directory;
  private final Map<Path, Content> contents = new LinkedHashMap<>();
  private final List<Path> deleted = new ArrayList<>();

  FileSet(Path directory) {
    this.directory = directory;
  }

  /** A new file that everyone may read. */
  FileSet add(Path file, String text) {
    contents.put(file, new Content(text, Kind.PUBLIC, true));
    return this;
  }

  /** A new file of mode 0600. */
  FileSet addSecret(Path file, String text) {
    contents.put(file, new Content(text, Kind.SECRET, true));
    return this;
  }

  /** A file that replaces one that is there. */
  FileSet update(Path file, String text) {
    contents.put(file, new Content(text, Kind.PUBLIC, false));
    return this;
  }

  /** A file of mode 0600 that replaces one that is there. */
  FileSet updateSecret(Path file, String text) {
    contents.put(file, new Content(text, Kind.SECRET, false));
    return this;
  }

  /** A file that is deleted once the others are written. */
  FileSet delete(Path file) {
    deleted.add(file);
    return this;
  }

  Set<Path> files() {
    return contents.keySet();
  }

  /**
   * Writes them.
   *
   * @throws CertsException when a new file already exists and may not be overwritten, or when one
   *     cannot be written; then all is as it was
   */
  void write(boolean overwrite) throws CertsException {
    for (Map.Entry<Path, Content> each : contents.entrySet()) {
      if (!overwrite
          && each.getValue().kept()
          && Files.exists(each.getKey(), LinkOption.NOFOLLOW_LINKS)) {
        throw new CertsException(
            each.getKey().toString(),
            "already exists",
            "choose another --dir, or overwrite it with --force; nothing was written");
      }
    }
    String mark = "." + UUID.randomUUID();
    List<Path> placed = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      for (Map.Entry<Path, Content> each : contents.entrySet()) {
        Path created = beside(each.getKey(), mark + ".new");
        create(created, each.getValue());
        if (Files.exists(each.getKey())) {
          keepOwner(each.getKey(), created, each.getValue().kind());
          Files.copy(
              each.getKey(),
              beside(each.getKey(), mark + ".old"),
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
      for (Path file : contents.keySet()) {
        placed.add(file);
        Files.move(beside(file, mark + ".new"), file, StandardCopyOption.ATOMIC_MOVE);
      }
      for (Path file : deleted) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      placed.forEach(file -> restore(file, beside(file, mark + ".old")));
      throw new CertsException(
          directory.toString(),
          "cannot be written to (" + e + ")",
          "choose another --dir; nothing was changed");
    } finally {
      for (Path file : contents.keySet()) {
        deleteQuietly(beside(file, mark + ".new"));
        deleteQuietly(beside(file, mark + ".old"));
      }
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling("." + file.getFileName() + suffix);
  }

  private static void create(Path file, Content content) throws IOException {
    FileAttribute<?>[] attributes =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(
                  PosixFilePermissions.fromString(content.kind().permissions))
            }
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.text().getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /**
   * Who could read the old file can read the new one: the proxy, whose user it may belong to. But
   * no secret is everybody's, and no group's to write.
   */
  private void keepOwner(Path old, Path created, Kind kind) throws IOException, CertsException {
    // Never through a link that somebody else may have put there since.
    PosixFileAttributeView view =
        Files.getFileAttributeView(
            created, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return;
    }
    PosixFileAttributes before = Files.readAttributes(old, PosixFileAttributes.class);
    PosixFileAttributes now = view.readAttributes();
    if (kind == Kind.SECRET && !now.owner().equals(before.owner()) && isOpenToAll(directory)) {
      throw new CertsException(
          old.toString(),
          "belongs to %s, and everyone on this machine could have put it there"
              .formatted(before.owner().getName()),
          "run chmod o-w on its directory and remove it, or choose another --dir; nothing was"
              + " changed");
    }
    try {
      if (!now.group().equals(before.group())) {
        view.setGroup(before.group());
      }
      if (!now.owner().equals(before.owner())) {
        view.setOwner(before.owner());
      }
    } catch (IOException e) {
      throw new CertsException(
          old.toString(),
          "belongs to %s:%s, to whom only root can give the new one"
              .formatted(before.owner().getName(), before.group().getName()),
          "run this as root; nothing was changed");
    }
    Set<PosixFilePermission> kept = new HashSet<>(before.permissions());
    if (kind == Kind.SECRET) {
      kept.retainAll(kept.contains(OTHERS_READ) ? OWNER_ONLY : OWNER_AND_READING_GROUP);
    }
    view.setPermissions(kept);
  }

  private static boolean isOpenToAll(Path directory) throws IOException {
    return Files.readAttributes(directory, PosixFileAttributes.class)
        .permissions()
        .contains(OTHERS_WRITE);
  }

  private static void restore(Path file, Path old) {
    try {
      if (Files.exists(old)) {
        Files.move(old, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // The disk fails twice; the first failure is the one that is told.
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Left behind under a name that nothing reads.
    }
  }
}
