package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of a process that it can write to, as {@code /proc} shows it. */
record ProcessMemory(long pid) {
  private static final Pattern WRITABLE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) rw.*");
  private static final int CHUNK = 1 << 20;

  /**
   * What is left behind in each of three attempts. The C library may give a block that BoringSSL
   * has freed to somebody else before it is wiped, so that once in a while one is missed.
   */
  static <E> Set<E> leftEveryTime(Callable<Set<E>> attempt) throws Exception {
    Set<E> always = attempt.call();
    for (int i = 1; i < 3 && !always.isEmpty(); i++) {
      always.retainAll(attempt.call());
    }
    return always;
  }

  /** Those whose secret is anywhere in it. */
  <E extends Enum<E>> Set<E> holding(Class<E> kind, Function<E, String> secret) throws IOException {
    Set<E> held = EnumSet.noneOf(kind);
    for (E each : kind.getEnumConstants()) {
      if (contains(secret.apply(each))) {
        held.add(each);
      }
    }
    return held;
  }

  /** Whether the text is anywhere in it. */
  boolean contains(String text) throws IOException {
    Path process = Path.of("/proc", String.valueOf(pid));
    try (RandomAccessFile memory = new RandomAccessFile(process.resolve("mem").toFile(), "r")) {
      for (String line : Files.readAllLines(process.resolve("maps"))) {
        Matcher range = WRITABLE.matcher(line);
        if (range.matches()
            && isIn(memory, address(range.group(1)), address(range.group(2)), text)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isIn(RandomAccessFile memory, long start, long end, String text) {
    byte[] chunk = new byte[CHUNK + text.length()];
    for (long at = start; at < end; at += CHUNK) {
      int count = read(memory, at, chunk, (int) Math.min(chunk.length, end - at));
      if (new String(chunk, 0, count, ISO_8859_1).contains(text)) {
        return true;
      }
    }
    return false;
  }

  /** Nothing, where a page cannot be read or is gone by now. */
  private static int read(RandomAccessFile memory, long at, byte[] chunk, int length) {
    try {
      memory.seek(at);
      return Math.max(0, memory.read(chunk, 0, length));
    } catch (IOException e) {
      return 0;
    }
  }

  private static long address(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal, 16);
  }
}
