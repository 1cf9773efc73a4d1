package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.JdbcDriver;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.Servers;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What crosses the network between the proxy and a MySQL 9.7 server, recorded there. */
class ServerLegIT {
  private static final int FLAGS = Wire.USUAL | Wire.LENENC_AUTH;
  private static final int LOGINS = 1000;
  private static final String PASSWORD = "correct horse battery staple";
  private static final Pattern KEY = Pattern.compile("-----BEGIN PUBLIC KEY-----");

  private final TestServer server = Servers.container(Container.MYSQL_9_7);
  private final JdbcClient client = new JdbcClient(JdbcDriver.CONNECTOR_J_9);
  private final ByteArrayOutputStream crossed = new ByteArrayOutputStream();
  private Relay network;

  @BeforeEach
  void begin() throws IOException {
    network = Relay.to(server.address(), crossed::write);
    for (String plugin : new String[] {"caching_sha2_password", "sha256_password"}) {
      server.sql(
          "DROP USER IF EXISTS 'leg_" + plugin + "'",
          "CREATE USER 'leg_" + plugin + "' IDENTIFIED WITH " + plugin + " BY '" + PASSWORD + "'");
    }
  }

  @AfterEach
  void end() throws IOException {
    network.close();
  }

  @Test
  void aThousandColdLoginsComeInAndNoneShowsItsPassword() throws Exception {
    Login login;
    try (RunningProxy proxy = RunningProxy.before(network.address());
        Connection root = client.connect(Login.directly(server, "root", ""), Map.of());
        Statement statement = root.createStatement()) {
      login = Login.through(proxy, "leg_caching_sha2_password", PASSWORD);
      for (int i = 0; i < LOGINS; i++) {
        statement.execute("FLUSH PRIVILEGES");
        client.connect(login, Map.of()).close();
      }
    }

    assertEquals(LOGINS, keys(), "a key for each, so each was cold");
    assertFalse(crossed.toString(ISO_8859_1).contains(PASSWORD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"caching_sha2_password", "sha256_password"})
  void withAPinnedKeyNoneIsAskedFor(String plugin, @TempDir Path directory) throws Exception {
    Path file = directory.resolve("public_key.pem");
    String variable = plugin.equals("sha256_password") ? "" : "Caching_sha2_password_";
    Files.writeString(
        file, server.sql("SHOW STATUS LIKE '" + variable + "Rsa_public_key'").get(0).get(1));
    server.sql("FLUSH PRIVILEGES");

    try (RunningProxy proxy =
        RunningProxy.before(network.address(), "backend-public-key-file=" + file)) {
      client.connect(Login.through(proxy, "leg_" + plugin, PASSWORD), Map.of()).close();
    }

    assertEquals(0, keys());
    assertFalse(crossed.toString(ISO_8859_1).contains(PASSWORD));
  }

  @Test
  void withAPinnedKeyThePasswordInTheLoginItselfIsEncryptedThere(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("public_key.pem");
    Files.writeString(file, server.sql("SHOW STATUS LIKE 'Rsa_public_key'").get(0).get(1));

    try (RunningProxy proxy =
            RunningProxy.before(network.address(), "backend-public-key-file=" + file);
        RawClient raw = RawClient.encrypted(proxy.address(), ClientTls.NONE, FLAGS)) {
      byte[] password = (PASSWORD + "\0").getBytes(US_ASCII);
      raw.send(2, Wire.login(FLAGS, "leg_sha256_password", password, "sha256_password"));

      Packet answer = raw.read();
      if (answer.first() == 0xFE) {
        raw.send(answer.sequenceId() + 1, password);
        answer = raw.read();
      }
      assertTrue(answer.isOk(), answer.toString());
    }
    assertEquals(0, keys());
    assertFalse(crossed.toString(ISO_8859_1).contains(PASSWORD));
  }

  @Test
  void aServerWithAnotherKeyThanThePinnedOneRefusesTheLogin(@TempDir Path directory)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] der = generator.generateKeyPair().getPublic().getEncoded();
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    Path file =
        Files.writeString(
            directory.resolve("other.pem"),
            "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
    server.sql("FLUSH PRIVILEGES");

    try (RunningProxy proxy =
        RunningProxy.before(network.address(), "backend-public-key-file=" + file)) {
      Login login = Login.through(proxy, "leg_caching_sha2_password", PASSWORD);
      String outcome = client.outcomes(List.of(new Attempt(login, false))).get(0);
      assertTrue(outcome.startsWith("1045 28000 Access denied"), outcome);
    }
    assertFalse(crossed.toString(ISO_8859_1).contains(PASSWORD));
  }

  private long keys() {
    return KEY.matcher(crossed.toString(ISO_8859_1)).results().count();
  }
}
