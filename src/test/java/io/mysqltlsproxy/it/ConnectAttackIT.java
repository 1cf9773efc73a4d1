package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Somebody between {@code connect} and a server who changes what is not encrypted: the greeting,
 * and what comes in front of TLS. The server is a script behind the proxy's own {@code run}.
 */
class ConnectAttackIT {
  private static final String USER = "victim";
  private static final String SECRET = "the hash of a password";

  /** Both ways between the mirror and run, with a forged greeting, and bytes before TLS. */
  private static final class Attacker implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final int target;
    private final UnaryOperator<byte[]> forge;
    private final byte[] injected;

    /**
     * Stands before a proxy.
     *
     * @param forge makes the greeting that the mirror gets, header included
     * @param injected is sent to the mirror along with the server's first bytes of TLS
     */
    Attacker(int target, UnaryOperator<byte[]> forge, byte[] injected) throws IOException {
      this.target = target;
      this.forge = forge;
      this.injected = injected;
      daemon(this::relay);
    }

    int port() {
      return listener.getLocalPort();
    }

    String seen() {
      synchronized (seen) {
        return seen.toString(StandardCharsets.ISO_8859_1);
      }
    }

    private void relay() {
      try (Socket near = listener.accept();
          Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
        byte[] buffer = new byte[1 << 16];
        int length = far.getInputStream().read(buffer);
        near.getOutputStream().write(forge.apply(Arrays.copyOf(buffer, length)));
        daemon(() -> pass(near, far, new byte[0]));
        pass(far, near, injected);
      } catch (IOException ended) {
        // By either side.
      }
    }

    private void pass(Socket from, Socket to, byte[] first) {
      byte[] buffer = new byte[1 << 16];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] before = first;
        for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
          synchronized (seen) {
            seen.write(buffer, 0, length);
          }
          byte[] all = new byte[before.length + length];
          System.arraycopy(before, 0, all, 0, before.length);
          System.arraycopy(buffer, 0, all, before.length, length);
          before = new byte[0];
          out.write(all);
        }
        to.shutdownOutput();
      } catch (IOException ended) {
        // By either side.
      }
    }

    private static void daemon(Runnable task) {
      Thread thread = new Thread(task, "attacker");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private interface Look {
    void at(Packet answer, String seen, ScriptedServer server) throws Exception;
  }

  private static void attack(UnaryOperator<byte[]> forge, byte[] injected, Look look)
      throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(ScriptedServer.admitting(ScriptedServer::answerCommands));
        RunningProxy run = RunningProxy.before(server.address());
        Attacker attacker = new Attacker(run.port(), forge, injected);
        RunningProxy connect = RunningProxy.connecting(attacker.port());
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
