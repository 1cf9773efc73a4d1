package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** User names as long as the server takes them, and one character longer. */
class LongUserNamesIT {

  @ParameterizedTest
  @CsvSource({
    "MYSQL_5_5, 16, 16",
    "MYSQL_5_6, 16, 16",
    "MARIADB_10_2, 80, 128",
    "MARIADB_11_4, 128, 128"
  })
  void aNameThatTheServerTakesLogsInByItsRuleAndALongerOneIsRefused(
      ServerKind kind, int longestAccount, int longestLogin, @TempDir Path directory)
      throws Exception {
    TestServer server = kind.server();
    String user = "u".repeat(longestAccount);
    if (server.sql("SELECT 1 FROM mysql.user WHERE user = '" + user + "'").isEmpty()) {
      server.sql("CREATE USER '" + user + "'@'%'");
    }
    Path rules =
        Files.writeString(
            directory.resolve("rules.sql"), "ALTER USER '" + user + "'@'%' REQUIRE SSL;\n");
    try (RunningProxy proxy =
        RunningProxy.before(server.address(), "accounts=" + rules, "require=X509")) {
      RawClient.loggedIn(proxy.address(), ClientTls.NONE, user).close();

      try (RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
        client.send(2, Wire.login("u".repeat(longestLogin + 1)));
        Packet error = client.read();
        assertEquals(1043, error.errorCode());
        assertTrue(
            error.errorText().contains("more than the " + longestLogin + " characters"),
            error::errorText);
      }
    }
  }
}
