package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.Mysql55;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of LOAD DATA LOCAL, of 50 MB and random but for the first byte of every kilobyte, which is
 * a COM_CHANGE_USER's: where a client's packets are whole kilobytes, each 256th looks like one.
 */
class LargeFilesIT {
  private static final int FILES = 20;
  private static final int BYTES = 50_000_000;
  private static final String USER = "loader";
  private static final String PASSWORD = "secret";

  @Test
  void twentyFilesArriveIntactWithRulesInForce(@TempDir Path directory) throws Exception {
    Mysql55.unavailable().ifPresent(Assumptions::abort);
    List<Client> clients =
        Stream.of(
                new MariaDbCli(),
                new JdbcClient(JdbcDriver.CONNECTOR_J_26),
                new JdbcClient(JdbcDriver.MARIADB_3),
                ScriptClient.pyMysql(),
                ScriptClient.mysql2())
            .peek(client -> client.unavailable().ifPresent(Assumptions::abort))
            .toList();
    Path rules =
        Files.writeString(
            directory.resolve("accounts.sql"),
            """
            ALTER USER 'loader'@'%' REQUIRE SUBJECT '/O=Test/CN=client';
            ALTER USER ''@'%' REQUIRE SUBJECT '/CN=nobody';
            """);
    try (TestServer server = Mysql55.start("--max-allowed-packet=128M", "--local-infile=ON");
        RunningProxy proxy = RunningProxy.before(server.address(), "accounts=" + rules)) {
      server.sql(
          "GRANT ALL ON *.* TO '" + USER + "'@'localhost' IDENTIFIED BY '" + PASSWORD + "'",
          "CREATE TABLE test.loaded (file LONGBLOB) ENGINE = MyISAM");
      Login login = Login.through(proxy, USER, PASSWORD);
      for (int i = 0; i < FILES; i++) {
        Client client = clients.get(i % clients.size());
        Path file = directory.resolve("random.data");
        String checksum = create(file, i);
        server.sql("TRUNCATE TABLE test.loaded");

        client.load(
            login,
            file,
            "test.loaded CHARACTER SET binary FIELDS TERMINATED BY 'the end of the field'"
                + " ESCAPED BY '' LINES TERMINATED BY 'the end of the line' (file)");

        assertEquals(
            List.of(List.of(String.valueOf(BYTES), checksum)),
            server.sql("SELECT LENGTH(file), MD5(file) FROM test.loaded"),
            () -> "by " + client);
      }
    }
  }

  private static String create(Path file, int seed) throws Exception {
    byte[] bytes = new byte[BYTES];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < bytes.length; i += 1024) {
      bytes[i] = 0x11;
    }
    Files.write(file, bytes);
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }
}
