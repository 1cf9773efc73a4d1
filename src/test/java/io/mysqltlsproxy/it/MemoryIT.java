package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.netty.util.internal.PlatformDependent;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A slow side does not make the proxy hold what the fast side sends. */
class MemoryIT {
  private static final int ROW_BYTES = 1_000_000;

  /** A few buffers of the pool; far less than either test sends while one side is slow. */
  private static final long ALLOWANCE = 32L << 20;

  private final JdbcClient client = new JdbcClient(JdbcDriver.MARIADB_3);
  private final Site site = Site.of(ServerKind.MYSQL_5_5);
  private final long before = PlatformDependent.usedDirectMemory();
  private long most = before;

  @AfterEach
  void end() {
    site.close();
  }

  @Test
  void aClientThatReadsSlowlyGetsAResultSetOfOver2Gb() throws Exception {
    int rows = 2200;
    try (Connection connection = client.connect(site.login(), Map.of());
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(1);
      String sql =
          "SELECT REPEAT('x', %d) FROM information_schema.collations a,"
              + " information_schema.collations b LIMIT %d";
      try (ResultSet result = statement.executeQuery(sql.formatted(ROW_BYTES, rows))) {
        int read = 0;
        while (result.next()) {
          assertEquals(ROW_BYTES, result.getBytes(1).length);
          if (++read <= 20) {
            TimeUnit.MILLISECONDS.sleep(100);
          }
          sample();
        }
        assertEquals(rows, read);
      }
    }
    assertBounded();
  }

  @Test
  void aServerThatReadsSlowlyGetsAFileOf300Mb() throws Exception {
    int rows = 300;
    site.server()
        .sql("DROP TABLE IF EXISTS it.lengths", "CREATE TABLE it.lengths (n INT) ENGINE = MyISAM");
    try (Connection connection = client.connect(site.login(), Map.of());
        Statement statement = connection.createStatement()) {
      statement
          .getClass()
          .getMethod("setLocalInfileInputStream", InputStream.class)
          .invoke(statement, new Rows(rows));
      statement.execute(
          "LOAD DATA LOCAL INFILE 'rows' INTO TABLE it.lengths LINES TERMINATED BY '\\n' (@v)"
              + " SET n = LENGTH(@v) + SLEEP(0.01)");
    }
    assertEquals(
        rows + " " + (ROW_BYTES - 1),
        site.server().sql("SELECT CONCAT(COUNT(*), ' ', MIN(n)) FROM it.lengths").get(0).get(0));
    assertBounded();
  }

  private void sample() {
    most = Math.max(most, PlatformDependent.usedDirectMemory());
  }

  private void assertBounded() {
    assertTrue(before >= 0, "Netty does not count direct memory here");
    assertTrue(most - before < ALLOWANCE, () -> "grew from " + before + " to " + most + " bytes");
  }

  /** Rows of {@link #ROW_BYTES}, made as they are read. */
  private final class Rows extends InputStream {
    private long remaining;

    Rows(int count) {
      remaining = (long) count * ROW_BYTES;
    }

    @Override
    public int read() {
      if (remaining == 0) {
        return -1;
      }
      remaining--;
      return remaining % ROW_BYTES == 0 ? '\n' : 'x';
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      sample();
      if (remaining == 0) {
        return -1;
      }
      int count = 0;
      while (count < length && remaining > 0) {
        buffer[offset + count++] = (byte) read();
      }
      return count;
    }
  }
}
