package io.mysqltlsproxy.it;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * A file for LOAD DATA LOCAL of over 5 MB, in which every 256th byte is 0x11 and many others are 0:
 * a client that cuts it into pieces of whole kilobytes sends nothing but what begins like a
 * COM_CHANGE_USER.
 *
 * @param summary what {@link #SUMMARY} finds in the table
 */
record LocalFile(Path path, String summary) {
  static final String COLUMN = "v VARBINARY(1000)";
  static final String FORMAT =
      " CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY '' LINES TERMINATED BY '\\n'"
          + " (v)";
  static final String SUMMARY =
      "SELECT CONCAT_WS(' ', COUNT(*), SUM(LENGTH(v)), SUM(CRC32(v))) FROM ";

  private static final int BYTES = 6_000_000;
  private static final int MAX_ROW_LENGTH = 900;

  static LocalFile create(Path path) throws IOException {
    Random random = new Random(5);
    long rows = 0;
    long bytes = 0;
    long offset = 0;
    long checksums = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
      while (bytes < BYTES) {
        byte[] row = row(random, offset);
        CRC32 checksum = new CRC32();
        checksum.update(row);
        out.write(row);
        out.write('\n');
        rows++;
        bytes += row.length;
        offset += row.length + 1;
        checksums += checksum.getValue();
      }
    }
    return new LocalFile(path, rows + " " + bytes + " " + checksums);
  }

  private static byte[] row(Random random, long offset) {
    byte[] row = new byte[1 + random.nextInt(MAX_ROW_LENGTH)];
    random.nextBytes(row);
    for (int i = 0; i < row.length; i++) {
      if ((offset + i) % 256 == 0) {
        row[i] = 0x11;
      } else if (random.nextInt(6) == 0) {
        row[i] = 0;
      } else if (row[i] == '\n' || row[i] == '\t') {
        row[i] = 'x';
      }
    }
    return row;
  }
}
