package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every clause, with a client that meets it and one that does not, before a real MySQL 5.5.9. */
class RulesIT {
  private static final byte[] NO_PASSWORD = {};
  private final Path rules;
  private final TestServer server = Servers.mysql55();

  RulesIT(@TempDir Path directory) {
    rules = directory.resolve("accounts.sql");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X509",
        "SUBJECT '/CN=laura'",
        "ISSUER 'CN=Test CA' AND SUBJECT 'CN=laura'",
        "SUBJECT '/CN=mallory' OR ISSUER '/CN=Test CA'",
      })
  void aClauseLetsInTheCertificateThatItNamesAndNobodyWithoutOne(String clause) throws Exception {
    try (RunningProxy proxy = proxy("GRANT USAGE ON *.* TO 'ruled'@'%' REQUIRE " + clause)) {
      assertTrue(logIn(proxy, ClientTls.LAURA, "ruled").isOk());

      assertDenied(logIn(proxy, ClientTls.NONE, "ruled"), "ruled");
      assertTrue(logIn(proxy, ClientTls.NONE, "unruled").isOk());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SUBJECT '/CN=mallory'",
        "ISSUER '/CN=Other CA'",
        "CIPHER 'AES128-SHA'",
        "SAN 'DNS:laura.example'",
      })
  void aClauseRefusesTheCertificateThatItDoesNotName(String clause) throws Exception {
    try (RunningProxy proxy = proxy("CREATE USER 'ruled'@'localhost' REQUIRE " + clause)) {
      assertDenied(logIn(proxy, ClientTls.LAURA, "ruled"), "ruled");
    }
  }

  @Test
  void aChangeOfUserToAnAccountWhoseRuleIsNotMetIsRefusedAndEndsTheSession() throws Exception {
    try (RunningProxy proxy = proxy("ALTER USER 'ruled'@'%' REQUIRE SUBJECT '/CN=laura'");
        RawClient client = proxy.encrypt()) {
      client.send(2, Wire.login("unruled"));
      assertTrue(client.read().isOk());

      client.send(0, Wire.changeUser("ruled", NO_PASSWORD, Wire.NATIVE));

      assertDenied(client.read(), "ruled");
      assertTrue(client.isAtEnd());
    }
  }

  @Test
  void aNameThatTheServerWouldCutOffToARuledOneIsRefused() throws Exception {
    try (RunningProxy proxy = proxy("ALTER USER 'sixteen_letters_'@'%' REQUIRE X509")) {
      assertEquals(1043, logIn(proxy, ClientTls.NONE, "sixteen_letters_x").errorCode());
    }
  }

  private RunningProxy proxy(String statement) throws IOException {
    server.sql(
        "GRANT USAGE ON *.* TO 'ruled'@'localhost'",
        "GRANT USAGE ON *.* TO 'unruled'@'localhost'",
        "FLUSH PRIVILEGES");
    Files.writeString(rules, statement + ";\n");
    return RunningProxy.before(server.address(), "accounts=" + rules);
  }

  private static Packet logIn(RunningProxy proxy, SSLContext tls, String user) throws IOException {
    try (RawClient client = RawClient.encrypted(proxy.address(), tls)) {
      client.send(2, Wire.login(user));
      return client.read();
    }
  }

  private static void assertDenied(Packet error, String user) {
    assertEquals(1045, error.errorCode());
    assertEquals(
        "#28000Access denied for user '" + user + "'@'localhost' (using password: NO)",
        error.errorText());
  }
}
