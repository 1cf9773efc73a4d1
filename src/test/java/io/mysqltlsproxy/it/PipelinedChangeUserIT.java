package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.connection.LiveConnection;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.WholeFile;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A change of user in one segment with the commands before it: the proxy must take the server's
 * answer to it for that, and no other. A lock of an account shows whom the proxy takes the client
 * for.
 */
class PipelinedChangeUserIT {
  private static final byte[] WRONG_PASSWORD = new byte[20];
  private static final String BEFORE = "before_it";
  private static final String AFTER = "after_it";

  private final Path rules;

  PipelinedChangeUserIT(@TempDir Path directory) {
    rules = directory.resolve("accounts.sql");
  }

  private RunningProxy start(ServerKind kind) throws IOException {
    TestServer server = kind.server();
    String password = kind == ServerKind.MYSQL_9_7 ? "''" : "'secret'";
    for (String user : List.of(BEFORE, AFTER)) {
      if (server.sql("SELECT 1 FROM mysql.user WHERE user = '" + user + "'").isEmpty()) {
        server.sql("CREATE USER '" + user + "'@'%'", "GRANT ALL ON *.* TO '" + user + "'@'%'");
      }
    }
    if (server.sql("SELECT 1 FROM mysql.user WHERE user = 'secretive'").isEmpty()) {
      server.sql("CREATE USER 'secretive'@'%' IDENTIFIED BY " + password);
    }
    Files.writeString(rules, rule(BEFORE, "UNLOCK"));
    return RunningProxy.before(server.address(), "accounts=" + rules);
  }

  /** Those that keep the session as it was. */
  @ParameterizedTest
  @EnumSource(names = {"MYSQL_5_5", "MARIADB_10_2", "MARIADB_11_4"})
  void anOkBeforeItIsNotTakenForItsOwn(ServerKind kind) throws Exception {
    try (RunningProxy proxy = start(kind);
        RawClient client = logIn(proxy)) {
      client.sendRaw(
          joined(Wire.query("DO 1"), Wire.changeUser("secretive", WRONG_PASSWORD, Wire.NATIVE)));
      assertTrue(client.read().isOk());
      assertEquals(1045, authenticate(client, WRONG_PASSWORD).errorCode());
      client.run("DO 2");

      assertEquals(Optional.of(BEFORE), user(proxy));
      lock(proxy, BEFORE);
      assertTrue(isEnded(proxy, client));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorBeforeItIsNotTakenForItsOwn(ServerKind kind) throws Exception {
    try (RunningProxy proxy = start(kind);
        RawClient client = logIn(proxy)) {
      client.sendRaw(
          joined(
              Wire.query("SELECT nope"),
              Wire.query("DO SLEEP(0.2)"),
              Wire.changeUser(AFTER, new byte[0], Wire.NATIVE)));
      assertEquals(1054, client.read().errorCode());
      assertTrue(client.read().isOk());
      assertTrue(authenticate(client, new byte[0]).isOk());
      client.run("DO 3");

      assertEquals(Optional.of(AFTER), user(proxy));
      lock(proxy, AFTER);
      assertTrue(isEnded(proxy, client));
    }
  }

  /** Answers what the server asks for with the same. */
  private static Packet authenticate(RawClient client, byte[] response) throws IOException {
    Packet answer = client.read();
    while (answer.first() == 0xFE) {
      client.send(answer.sequenceId() + 1, response);
      answer = client.read();
    }
    return answer;
  }

  private static RawClient logIn(RunningProxy proxy) throws IOException {
    RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE);
    client.send(2, Wire.login(BEFORE));
    assertTrue(authenticate(client, new byte[0]).isOk());
    return client;
  }

  private static Optional<String> user(RunningProxy proxy) {
    return proxy.live().all().stream()
        .findFirst()
        .flatMap(LiveConnection::admitted)
        .map(admitted -> admitted.login().user());
  }

  private void lock(RunningProxy proxy, String user) throws IOException {
    WholeFile.write(rules, rule(user, "LOCK"));
    proxy.reload();
  }

  private static String rule(String user, String lock) {
    return "ALTER USER '" + user + "'@'%' ACCOUNT " + lock + ";\n";
  }

  private static boolean isEnded(RunningProxy proxy, RawClient client) throws Exception {
    client.readToTheEnd(4096);
    return Await.until(() -> proxy.connections() == 0);
  }

  private static byte[] joined(byte[]... commands) {
    Wire all = Wire.of();
    for (byte[] command : commands) {
      all.add(Wire.packet(0, command));
    }
    return all.bytes();
  }
}
