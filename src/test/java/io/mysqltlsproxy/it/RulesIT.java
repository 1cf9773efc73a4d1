package io.mysqltlsproxy.it;

import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every clause, with a client that meets it and one that does not, before a real MySQL 5.5.9 that
 * logs all it can.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesIT {
  private static final CertificateAuthority CA = ProxyCertificates.shared().authority();
  private static final Issued LAURAS =
      CA.certificate("CN=laura").dns("laura.example").extendedKeyUsage(id_kp_clientAuth).issue();
  private static final String AES_128 = "TLS_AES_128_GCM_SHA256";
  private static final String AES_256 = "TLS_AES_256_GCM_SHA384";

  private static final SSLContext LAURA = ClientTls.of(LAURAS);
  private static final SSLContext LAURA_OF_OTHER_CA =
      ClientTls.of(CA.intermediate("CN=Other CA", KeyType.EC).issueClient("CN=laura", KeyType.EC));
  private static final SSLContext MALLORY = ClientTls.of(CA.issueClient("CN=mallory", KeyType.EC));

  /** Who logs in, and how: NAMELESS is on TLS without a certificate. */
  enum Who {
    PLAIN,
    NAMELESS,
    LAURA,
    LAURA_WITH_AES_128,
    LAURA_OF_OTHER_CA,
    MALLORY;

    private SSLContext tls() {
      return switch (this) {
        case PLAIN, NAMELESS -> ClientTls.NONE;
        case LAURA, LAURA_WITH_AES_128 -> RulesIT.LAURA;
        case LAURA_OF_OTHER_CA -> RulesIT.LAURA_OF_OTHER_CA;
        case MALLORY -> RulesIT.MALLORY;
      };
    }

    /** What the server, or the proxy in its place, says to the login. */
    Packet logIn(RunningProxy proxy, String user) throws IOException {
      try (RawClient client = proxy.greet()) {
        if (this != PLAIN) {
          client.send(1, Wire.sslRequest(Wire.USUAL));
          client.startTls(tls(), this == LAURA_WITH_AES_128 ? AES_128 : AES_256);
        }
        client.send(this == PLAIN ? 1 : 2, Wire.login(user));
        return client.read();
      }
    }
  }

  @AutoClose private final LoggingServer server;
  private final Path rules;

  RulesIT(@TempDir Path directory) throws IOException {
    rules = directory.resolve("accounts.sql");
    server = LoggingServer.start(directory);
  }

  @BeforeAll
  void createTheAccounts() {
    server
        .server()
        .sql(
            "GRANT USAGE ON *.* TO 'ruled'@'localhost'",
            "GRANT USAGE ON *.* TO 'unruled'@'localhost'",
            "FLUSH PRIVILEGES");
  }

  @ParameterizedTest(name = "REQUIRE {0}: {1} comes in")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          NONE                                             | PLAIN
          NONE                                             | NAMELESS
          SSL                                              | NAMELESS
          X509                                             | MALLORY
          ISSUER '/CN=Test CA'                             | LAURA
          SUBJECT '/CN=laura'                              | LAURA
          SUBJECT '/CN=laura'                              | LAURA_OF_OTHER_CA
          CIPHER 'TLS_AES_128_GCM_SHA256'                  | LAURA_WITH_AES_128
          SUBJECT '/CN=laura' AND ISSUER 'CN=Other CA'     | LAURA_OF_OTHER_CA
          SAN 'DNS:laura.example'                          | LAURA
          FINGERPRINT 'SHA256:laura'                       | LAURA
          SUBJECT '/CN=monica' OR SUBJECT '/CN=mallory'    | MALLORY
          X509 ACCOUNT UNLOCK                              | LAURA
          """)
  void aClientThatMeetsTheClauseComesIn(String clause, Who client) throws Exception {
    try (RunningProxy proxy = proxy("ALTER USER 'ruled'@'localhost' REQUIRE " + clause)) {
      LoggingServer.Mark before = server.mark();

      assertTrue(client.logIn(proxy, "ruled").isOk());

      String logged = server.loggedSince(before);
      assertTrue(logged.contains("Connect\truled@localhost"), logged);
    }
  }

  @ParameterizedTest(name = "REQUIRE {0}: {1} is refused")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SSL                                              | PLAIN
          X509                                             | PLAIN
          X509                                             | NAMELESS
          ISSUER '/CN=Test CA'                             | LAURA_OF_OTHER_CA
          ISSUER '/CN=Test CA'                             | NAMELESS
          SUBJECT '/CN=laura'                              | MALLORY
          SUBJECT '/CN=laura'                              | NAMELESS
          CIPHER 'TLS_AES_128_GCM_SHA256'                  | LAURA
          CIPHER 'TLS_AES_256_GCM_SHA384'                  | NAMELESS
          SUBJECT '/CN=laura' AND ISSUER 'CN=Other CA'     | LAURA
          SAN 'DNS:laura.example'                          | LAURA_OF_OTHER_CA
          FINGERPRINT 'SHA256:laura'                       | LAURA_OF_OTHER_CA
          SUBJECT '/CN=monica' OR SUBJECT '/CN=mallory'    | LAURA
          X509 ACCOUNT LOCK                                | NAMELESS
          """)
  void aClientThatDoesNotIsRefusedAndTheServerNeverHearsOfIt(String clause, Who client)
      throws Exception {
    try (RunningProxy proxy = proxy("ALTER USER 'ruled'@'localhost' REQUIRE " + clause)) {
      LoggingServer.Mark before = server.mark();

      Packet error = client.logIn(proxy, "ruled");

      assertEquals(1045, error.errorCode());
      assertEquals(
          "#28000Access denied for user 'ruled'@'localhost' (using password: NO)",
          error.errorText());
      assertNoTrace(server.loggedSince(before));
      assertTrue(client.logIn(proxy, "unruled").isOk());
    }
  }

  @Test
  void aLockedAccountIsRefusedAndTheServerNeverHearsOfIt() throws Exception {
    try (RunningProxy proxy = proxy("ALTER USER 'ruled'@'localhost' REQUIRE X509 ACCOUNT LOCK")) {
      LoggingServer.Mark before = server.mark();

      Packet error = Who.LAURA.logIn(proxy, "ruled");

      assertEquals(1045, error.errorCode());
      assertEquals(
          "#28000Access denied for user 'ruled'@'localhost' (using password: NO)",
          error.errorText());
      assertNoTrace(server.loggedSince(before));
    }
  }

  @Test
  void aRefusedClientsProgramPrintsMysqlsOwnError() throws Exception {
    MariaDbCli program = new MariaDbCli();
    program.unavailable().ifPresent(Assumptions::abort);
    try (RunningProxy proxy = proxy("ALTER USER 'ruled'@'localhost' REQUIRE SUBJECT '/CN=laura'")) {
      LoggingServer.Mark before = server.mark();

      Client.Failure failure =
          assertThrows(
              Client.Failure.class,
              () -> program.query(Login.through(proxy, "ruled", "secret"), "SELECT 1"));

      assertEquals(
          "1045 28000 Access denied for user 'ruled'@'localhost' (using password: YES)",
          failure.getMessage());
      assertNoTrace(server.loggedSince(before));
    }
  }

  /** Or the absence of such lines would say nothing. */
  @Test
  void theServerLogsTheLoginsThatItRefusesItself() throws Exception {
    try (RunningProxy proxy = proxy("ALTER USER 'ruled'@'localhost' REQUIRE X509")) {
      LoggingServer.Mark before = server.mark();

      assertEquals(1045, Who.LAURA.logIn(proxy, "unknown").errorCode());

      String line = "Access denied for user 'unknown'@'localhost'";
      assertEquals(3, server.loggedSince(before).split(line, -1).length, "in each of two logs");
    }
  }

  @Test
  void aNameThatTheServerWouldCutOffToARuledOneIsRefused() throws Exception {
    try (RunningProxy proxy = proxy("ALTER USER 'sixteen_letters_'@'%' REQUIRE X509")) {
      assertEquals(1043, Who.NAMELESS.logIn(proxy, "sixteen_letters_x").errorCode());
    }
  }

  /** Only the user by which the proxy itself ends the server's half-done login. */
  private static void assertNoTrace(String logged) {
    assertTrue(logged.contains("'mysql-tls-proxy'@'localhost'"), logged);
    assertFalse(logged.contains("ruled"), logged);
    assertTrue(
        logged
            .lines()
            .filter(line -> line.contains("Access denied"))
            .allMatch(line -> line.contains("'mysql-tls-proxy'@'localhost'")),
        logged);
  }

  private RunningProxy proxy(String statement) throws Exception {
    Files.writeString(rules, statement.replace("SHA256:laura", "SHA256:" + fingerprint()) + ";\n");
    return RunningProxy.before(
        server.server().address(), "accounts=" + rules, "require-secure-transport=OFF");
  }

  private static String fingerprint() throws GeneralSecurityException {
    byte[] certificate = LAURAS.certificate().getEncoded();
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
  }
}
