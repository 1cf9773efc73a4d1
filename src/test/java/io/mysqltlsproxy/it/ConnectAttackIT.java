package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.Relay;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Somebody between {@code connect} and a server who changes what is not encrypted: the greeting,
 * and what comes in front of TLS. The server is a script behind the proxy's own {@code run}.
 */
class ConnectAttackIT {
  private static final String USER = "victim";
  private static final String SECRET = "the hash of a password";

  /** Between the mirror and run: forges the greeting, and puts bytes before TLS. */
  private static final class Attacker {
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final UnaryOperator<byte[]> forge;
    private final byte[] injected;
    private int answers;

    /**
     * Has seen nothing.
     *
     * @param forge makes the greeting that the mirror gets, header included
     * @param injected is sent to the mirror along with the server's first bytes of TLS
     */
    Attacker(UnaryOperator<byte[]> forge, byte[] injected) {
      this.forge = forge;
      this.injected = injected;
    }

    synchronized byte[] change(boolean towards, byte[] bytes) {
      seen.writeBytes(bytes);
      if (towards) {
        return bytes;
      }
      return switch (++answers) {
        case 1 -> forge.apply(bytes);
        case 2 -> Wire.of().add(injected).add(bytes).bytes();
        default -> bytes;
      };
    }

    synchronized String seen() {
      return seen.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private interface Look {
    void at(Packet answer, String seen, ScriptedServer server) throws Exception;
  }

  private static void attack(UnaryOperator<byte[]> forge, byte[] injected, Look look)
      throws Exception {
    Attacker attacker = new Attacker(forge, injected);
    try (ScriptedServer server =
            ScriptedServer.start(ScriptedServer.admitting(ScriptedServer::answerCommands));
        RunningProxy run = RunningProxy.before(server.address());
        Relay relay = Relay.changing(run.address(), attacker::change);
        RunningProxy connect = RunningProxy.connecting(relay.port());
        RawClient client = RawClient.greeted(connect.address())) {
      client.send(
          1, Wire.login(Wire.USUAL, USER, SECRET.getBytes(StandardCharsets.US_ASCII), Wire.NATIVE));
      look.at(client.read(), attacker.seen(), server);
    }
  }

  private static void assertNothingLeaks(String seen) {
    assertFalse(seen.contains(USER), seen);
    assertFalse(seen.contains(SECRET), seen);
  }

  @Test
  void anOkThatComesWithTheGreetingIsNotTakenForTheAnswerToTheLogin() throws Exception {
    attack(
        greeting -> Wire.of().add(greeting).add(Wire.packet(2, Wire.ok())).bytes(),
        new byte[0],
        (answer, seen, server) -> {
          assertEquals(1158, answer.errorCode(), answer::toString);
          assertNothingLeaks(seen);
        });
  }

  @Test
  void anOkThatComesBeforeTheServersFirstBytesOfTlsIsNotEither() throws Exception {
    for (byte[] injected :
        new byte[][] {
          Wire.packet(2, Wire.ok()),
          Wire.packet(3, Wire.ok()),
          Wire.packet(2, Wire.authSwitchRequest("mysql_clear_password", "")),
          Wire.packet(2, Wire.of(0xfb).text("/etc/passwd").bytes()),
          {0}
        }) {
      attack(
          UnaryOperator.identity(),
          injected,
          (answer, seen, server) -> {
            assertEquals(1158, answer.errorCode(), answer::toString);
            assertNothingLeaks(seen);
          });
    }
  }

  /** A client may choose a weaker method then, and says it inside TLS alone. */
  @Test
  void aGreetingWithAnotherVersionScrambleAndPluginOpensNothing() throws Exception {
    attack(
        greeting -> Wire.packet(0, Wire.greeting(Wire.USUAL | Wire.SSL, "mysql_clear_password")),
        new byte[0],
        (answer, seen, server) -> {
          assertTrue(answer.isOk(), answer::toString);
          assertNothingLeaks(seen);
        });
  }

  /** Flags that the server does not have are worth nothing to somebody who adds them. */
  @Test
  void aGreetingThatOffersCompressionAndMoreLetsTheClientHideNothing() throws Exception {
    attack(
        greeting -> Wire.packet(0, Wire.greeting(-1, Wire.NATIVE)),
        new byte[0],
        (answer, seen, server) -> {
          assertTrue(answer.isOk(), answer::toString);
          assertNothingLeaks(seen);
        });
  }
}
