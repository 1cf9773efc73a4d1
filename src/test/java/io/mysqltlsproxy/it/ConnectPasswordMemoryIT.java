package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.auth.RsaKey;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.ProxyProcess;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.ScriptedServer.Session;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A password that {@code connect} decrypts, or that waits for the server's TLS, leaves nothing
 * behind in the memory of its process.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is read by /proc")
class ConnectPasswordMemoryIT {
  private static final String SHA2 = "caching_sha2_password";
  private static final String SHA256 = "sha256_password";
  private static final String CLEAR = "mysql_clear_password";
  private static final String SCRAMBLE = "12345678abcdefghijkl";

  /** How the password comes, and what becomes of the login; the name is the user's. */
  enum End {
    SHA2_IN(SHA2, true),
    SHA2_DENIED(SHA2, false),
    SHA256_IN(SHA256, true),
    CLEAR_IN(CLEAR, true),
    LOGIN_CLEAR_IN("", true),
    LOGIN_DENIED("", false),
    /** By the rules, before the server hears of it. */
    LOGIN_REFUSED("", false);

    private final String plugin;
    private final boolean in;
    private final String password = name() + UUID.randomUUID();

    /** A login whose password comes when the server asks for this plugin, or at once. */
    End(String plugin, boolean in) {
      this.plugin = plugin;
      this.in = in;
    }
  }

  @Test
  void noPasswordIsLeftInTheMirrorsMemoryHoweverItCame(@TempDir Path directory) throws Exception {
    assertEquals(Set.of(), ProcessMemory.leftEveryTime(() -> left(directory)));
  }

  private static Set<End> left(Path directory) throws Exception {
    Path rules =
        Files.writeString(
            directory.resolve("rules.sql"), "ALTER USER " + End.LOGIN_REFUSED + " ACCOUNT LOCK;");
    try (ScriptedServer server = ScriptedServer.start(ConnectPasswordMemoryIT::serve);
        RunningProxy run = RunningProxy.before(server.address(), "enable-cleartext-plugin=ON");
        ProxyProcess connect =
            ProxyProcess.connecting(
                List.of(
                    "--port=0",
                    "--backend=127.0.0.1:" + run.port(),
                    "--ssl-ca=" + ProxyCertificates.shared().ca(),
                    "--accounts=" + rules))) {
      ProcessMemory memory = new ProcessMemory(connect.pid());
      for (End end : End.values()) {
        try (RawClient client = RawClient.greeted(connect.ready())) {
          assertEquals(end.in, logIn(client, end).isOk(), end.toString());
        }
      }
      try (RawClient halfway = RawClient.greeted(connect.ready())) {
        String visible = "visible" + UUID.randomUUID();
        halfway.sendRaw(Wire.header(200, 1).text(visible).bytes());
        assertTrue(Await.until(() -> memory.contains(visible)), "a search that finds nothing");
      }
      TimeUnit.SECONDS.sleep(1);
      return memory.holding(End.class, end -> end.password);
    }
  }

  /** The server, to which run brings the passwords by RSA. */
  private static void serve(Session session) throws IOException {
    session.send(0, Wire.greeting(Wire.USUAL, SHA2));
    String login = new String(session.read().payload(), ISO_8859_1);
    for (End end : End.values()) {
      if (login.contains("\0" + end.name() + "\0")) {
        int id = 2;
        if (!end.plugin.isEmpty()) {
          session.send(
              id,
              end.plugin.equals(SHA2)
                  ? Wire.of(1, 4).bytes()
                  : Wire.authSwitchRequest(end.plugin, SCRAMBLE));
          session.read();
          id += 2;
          if (!end.plugin.equals(CLEAR)) {
            session.send(id, Wire.rsaKey());
            session.read();
            id += 2;
          }
        }
        session.send(id, end.in ? Wire.ok() : Wire.err(1045, "28000", "Access denied"));
        ScriptedServer.answerCommands(session);
        return;
      }
    }
    session.send(2, Wire.err(1045, "28000", "Access denied"));
  }

  private static Packet logIn(RawClient client, End end) throws Exception {
    byte[] clear = (end.password + "\0").getBytes(US_ASCII);
    if (end.plugin.isEmpty()) {
      client.send(1, Wire.login(Wire.USUAL, end.name(), clear, CLEAR));
      return client.read();
    }
    client.send(1, Wire.login(Wire.USUAL, end.name(), new byte[32], SHA2));
    Packet asked = client.read();
    if (end.plugin.equals(CLEAR)) {
      client.send(asked.sequenceId() + 1, clear);
      return client.read();
    }
    client.send(asked.sequenceId() + 1, new byte[] {(byte) (end.plugin.equals(SHA2) ? 2 : 1)});
    Packet key = client.read();
    byte[] pem = Arrays.copyOfRange(key.payload(), 1, key.payload().length);
    client.send(
        key.sequenceId() + 1, RsaKey.ofPem(pem).encrypt(clear, SCRAMBLE.getBytes(US_ASCII)));
    return client.read();
  }
}
