package io.mysqltlsproxy.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Rows that a server holds and that can be computed, so that each byte can be checked. */
final class Facts {
  static final int ROWS = 2000;
  private static final int LENGTH = 1000;

  private Facts() {}

  /** The text of one row: 1,000 letters. */
  static String body(int id) {
    SplittableRandom random = new SplittableRandom(id);
    byte[] letters = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      letters[i] = (byte) ('a' + random.nextInt(26));
    }
    return new String(letters, US_ASCII);
  }

  /** What SUM(CRC32(body)) of all rows is. */
  static long sumOfChecksums() {
    long sum = 0;
    for (int id = 0; id < ROWS; id++) {
      CRC32 crc = new CRC32();
      crc.update(body(id).getBytes(US_ASCII));
      sum += crc.getValue();
    }
    return sum;
  }

  /** Writes them for LOAD DATA, separated by tabs. */
  static Path writeTo(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      lines.add(id + "\t" + body(id));
    }
    return Files.write(file, lines, US_ASCII);
  }
}
