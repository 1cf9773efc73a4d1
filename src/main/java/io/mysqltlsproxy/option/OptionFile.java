package io.mysqltlsproxy.option;

import io.mysqltlsproxy.text.Utf16;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the group of a command, such as {@code [mysql-tls-proxy]}, of a file as MySQL's <a
 * href="https://dev.mysql.com/doc/refman/8.4/en/option-files.html">Using Option Files</a> describes
 * it. What MySQL passes over in silence, such as an included file that is not there, is an error.
 */
final class OptionFile {

  /** MySQL's own bound. */
  private static final int MAX_DEPTH = 10;

  private static final int MAX_BYTES = 16 << 20;

  private final List<OptionLine> lines = new ArrayList<>();
  private final Deque<Path> open = new ArrayDeque<>();
  private final String own;
  private boolean hasGroup;
  private boolean hasOther;

  private OptionFile(OptionSet options) {
    own = options.group();
  }

  /**
   * Returns the options in the order in which they take effect, a later one replacing an earlier
   * one.
   *
   * @param options of the command
   * @param asked who names the file, for messages: {@code --defaults-file=my.cnf}
   * @param named whether anybody does: a file that is read unasked may be another command's
   * @throws OptionException when a file cannot be read, is writable by everyone, or has a line that
   *     is no part of an option file, or when the group is in none of the files
   */
  static List<OptionLine> read(OptionSet options, Path file, String asked, boolean named)
      throws OptionException {
    OptionFile reader = new OptionFile(options);
    reader.include(file, asked);
    boolean isDevNull = !Files.isRegularFile(file);
    if (!reader.hasGroup && !isDevNull && (named || !reader.hasOther)) {
      throw new OptionException(
          asked
              + ": no group ["
              + reader.own
              + "], so every option would have its default; write ["
              + reader.own
              + "] above the proxy's options, or leave the file out");
    }
    return reader.lines;
  }

  private void include(Path file, String asked) throws OptionException {
    Path path = file.toAbsolutePath().normalize();
    if (open.contains(path)) {
      throw new OptionException(asked + ": the file includes itself; remove this line");
    }
    if (open.size() > MAX_DEPTH) {
      throw new OptionException(
          asked + ": more than " + MAX_DEPTH + " files deep; include it from an outer file");
    }
    open.push(path);
    readLines(path, text(path, asked));
    open.pop();
  }

  private static String text(Path path, String asked) throws OptionException {
    try {
      PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
      if (view != null
          && Files.isRegularFile(path)
          && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new OptionException(
            asked + ": everyone may write to this file; run chmod o-w " + path);
      }
      byte[] bytes = bytes(path, asked);
      if (Utf16.is(bytes)) {
        throw new OptionException(asked + ": is text in UTF-16; " + Utf16.hint(path));
      }
      // Other programs' groups need not be UTF-8; OptionLine refuses what is not in ours.
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (IOException e) {
      throw unreadable(asked, path, e);
    }
  }

  /** It may be a pipe, such as of {@code <(...)}. */
  private static byte[] bytes(Path path, String asked) throws IOException, OptionException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new OptionException(
            asked + ": longer than " + (MAX_BYTES >> 20) + " MiB; check that it is the right file");
      }
      return bytes;
    }
  }

  private static OptionException unreadable(String asked, Path path, IOException e) {
    String why =
        e instanceof NoSuchFileException
            ? "no such file; create " + path + " or name another"
            : e instanceof NotDirectoryException
                ? "not a directory; name a directory of .cnf files"
                : e instanceof AccessDeniedException
                    ? "permission denied; " + FileAccess.readHint(path)
                    : "cannot be read (" + e.getMessage() + "); name a readable file";
    return new OptionException(asked + ": " + why);
  }

  private void readLines(Path file, String text) throws OptionException {
    @Nullable String group = null;
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      String place = file + ":" + number + ": ";
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("!")) {
        directive(line, place);
      } else if (line.startsWith("[")) {
        group = group(line, place);
        hasGroup |= group.equals(own);
        hasOther |= OptionSet.isGroup(group);
      } else if (group == null) {
        // Without its text: a key or passphrase file named by mistake must not be printed.
        throw new OptionException(place + "a line before any group; write [" + own + "] above it");
      } else if (group.equals(own)) {
        lines.add(OptionLine.parse(line, place));
      }
    }
  }

  private String group(String line, String place) throws OptionException {
    int end = line.indexOf(']');
    String group = end < 0 ? "" : line.substring(1, end).strip();
    if (group.isEmpty()) {
      throw new OptionException(place + line + ": no group; write [" + own + "] or another name");
    }
    if (!group.equals(own) && group.replace('_', '-').toLowerCase(Locale.ROOT).equals(own)) {
      throw new OptionException(place + line + ": not this program's group; write [" + own + "]");
    }
    String rest = line.substring(end + 1).strip();
    if (group.equals(own) && !rest.isEmpty() && !rest.startsWith("#")) {
      throw new OptionException(
          place + line + ": text after the group; move it to a line of its own");
    }
    return group;
  }

  /** As in MySQL the rest of the line is the path, relative to the working directory. */
  private void directive(String line, String place) throws OptionException {
    String asked = place + line;
    String[] words = line.substring(1).strip().split("\\s+", 2);
    String what = words.length == 2 ? words[0] : "";
    if (what.equals("include")) {
      include(path(words[1], asked), asked);
    } else if (what.equals("includedir")) {
      for (Path file : optionFilesOf(path(words[1], asked), asked)) {
        include(file, asked + ": " + file.getFileName());
      }
    } else {
      throw new OptionException(
          asked + ": no such directive; write !include FILE or !includedir DIRECTORY");
    }
  }

  private static Path path(String text, String asked) throws OptionException {
    try {
      return Path.of(text).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new OptionException(asked + ": not a path; name a file or directory");
    }
  }

  private static List<Path> optionFilesOf(Path directory, String asked) throws OptionException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.toString().endsWith(".cnf") && !Files.isDirectory(entry))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(asked, directory, e);
    }
  }
}
