package io.mysqltlsproxy.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.ClientTls;
import io.mysqltlsproxy.testing.NativePassword;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To whom the proof of the proxy's certificate is given by a server that admits everybody. */
class PasswordProofLoginTest {
  private static final byte[] SCRAMBLE = "12345678abcdefghijkl".getBytes(US_ASCII);
  private static final NativePassword RIGHT = new NativePassword("open sesame");
  private static final NativePassword OTHER = new NativePassword("of another account");

  private final Path directory;

  PasswordProofLoginTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void itIsGivenToAClientThatKnowsThePasswordOfTheHashAtEveryLogin() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy = proxy(server, rule("%", RIGHT));
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      assertTrue(hasProof(login(client, RIGHT)));
      client.send(0, Wire.changeUser("laura", RIGHT.response(SCRAMBLE), Wire.NATIVE));
      assertTrue(hasProof(client.read()));
    }
  }

  @Test
  void aClientThatTheServerAdmitsByAnotherPasswordGetsNone() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy = proxy(server, rule("%", RIGHT));
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      assertPlainOk(login(client, OTHER));
      client.send(0, Wire.changeUser("laura", OTHER.response(SCRAMBLE), Wire.NATIVE));
      assertPlainOk(client.read());
      client.send(0, Wire.changeUser("laura", RIGHT.response(SCRAMBLE), Wire.NATIVE));
      assertTrue(hasProof(client.read()));
    }
  }

  @Test
  void aClientWithoutAPasswordGetsNone() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy = proxy(server, rule("%", RIGHT));
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      client.send(2, Wire.login(Wire.USUAL, "laura", new byte[0], Wire.NATIVE));
      assertPlainOk(client.read());
    }
  }

  /** As a client does whose default plugin is not the greeting's: it waits for a scramble. */
  @Test
  void aClientThatLeavesItsPasswordToTheAuthSwitchGetsIt() throws Exception {
    byte[] another = "abcdefghijklmnopqrst".getBytes(US_ASCII);
    try (ScriptedServer server =
            ScriptedServer.start(
                session -> {
                  session.send(0, Wire.greeting());
                  if (ScriptedServer.login(session)) {
                    session.send(
                        2, Wire.authSwitchRequest(Wire.NATIVE, new String(another, US_ASCII)));
                    session.read();
                    session.send(4, Wire.ok());
                    ScriptedServer.answerCommands(session);
                  }
                });
        RunningProxy proxy = proxy(server, rule("%", RIGHT));
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      client.send(2, Wire.login(Wire.USUAL, "laura", new byte[0], "client_ed25519"));
      client.read();
      client.send(4, RIGHT.response(another));
      assertTrue(hasProof(client.read()));
    }
  }

  @Test
  void theServerMayTakeAnotherHostsAccountOfTheSameUser() throws Exception {
    String rules = rule("127.0.0.1", OTHER) + rule("10.0.0.7", RIGHT);
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy = proxy(server, rules)) {
      for (NativePassword password : new NativePassword[] {RIGHT, OTHER}) {
        try (RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
          assertTrue(hasProof(login(client, password)));
        }
      }
    }
  }

  @Test
  void anotherUsersHashIsNotTried() throws Exception {
    try (ScriptedServer server = ScriptedServer.polite();
        RunningProxy proxy = proxy(server, rule("%", RIGHT).replace("laura", "pat"));
        RawClient client = RawClient.encrypted(proxy.address(), ClientTls.NONE)) {
      assertPlainOk(login(client, RIGHT));
    }
  }

  private static String rule(String host, NativePassword password) {
    return "CREATE USER 'laura'@'%s' IDENTIFIED BY PASSWORD '%s';\n"
        .formatted(host, password.stored());
  }

  private RunningProxy proxy(ScriptedServer server, String rules) throws IOException {
    Path file = Files.writeString(directory.resolve("rules.sql"), rules);
    return RunningProxy.before(server.address(), "accounts=" + file);
  }

  private static Packet login(RawClient client, NativePassword password) throws IOException {
    client.send(2, Wire.login(Wire.USUAL, "laura", password.response(SCRAMBLE), Wire.NATIVE));
    return client.read();
  }

  private static boolean hasProof(Packet ok) {
    String text = new String(ok.payload(), US_ASCII);
    return ok.isOk() && text.substring(7).matches("A\\x01[0-9A-F]{64}");
  }

  private static void assertPlainOk(Packet answer) {
    assertTrue(answer.isOk(), answer::toString);
    assertEquals(Wire.ok().length, answer.payload().length, "an OK without an info");
  }
}
