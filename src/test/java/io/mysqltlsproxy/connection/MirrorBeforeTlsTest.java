package io.mysqltlsproxy.connection;

import static io.mysqltlsproxy.connection.MemoryProxy.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.testing.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code connect} between a client that sends anything and an attacker who poses as the server but
 * has no certificate: nothing that the client sends reaches the attacker, nobody is logged in, no
 * connection outlives its timeouts, and nothing leaks.
 */
@ExtendWith(MemoryProxy.Silence.class)
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
class MirrorBeforeTlsTest {
  private static final int RANDOM_INPUTS = 500;
  private static final String USER = "a-secret-user";
  private static final String PASSWORD = "a-secret-password";

  private static final List<Integer> FLAGS =
      List.of(
          Wire.USUAL,
          Wire.USUAL | Wire.SSL,
          Wire.USUAL | Wire.LENENC_AUTH,
          Wire.USUAL | Wire.COMPRESS | Wire.ZSTD,
          Wire.PROTOCOL_41,
          Wire.LONG_PASSWORD,
          0,
          -1);

  private static final List<String> PLUGINS =
      List.of(Wire.NATIVE, "caching_sha2_password", "sha256_password", "mysql_clear_password", "");

  @Test
  void nothingOfALoginReachesAServerWithoutACertificate() {
    Script.byChance(RANDOM_INPUTS, 60, data -> new Run(new Script(data)).run());
  }

  private static final class Run {
    private final Script script;
    private final MemoryProxy proxy = MemoryProxy.acceptAtMirror();
    private final StringBuilder reached = new StringBuilder();
    private int clientId = 1;
    private int serverId = 2;

    Run(Script script) {
      this.script = script;
    }

    void run() {
      proxy.serverAccepts();
      if (script.below(8) > 0) {
        serverSends(Wire.packet(0, greeting()));
      }
      look();
      while (script.goesOn()) {
        step();
        look();
      }
      proxy.end(script.below(2) == 0);
      look();
    }

    private void step() {
      switch (script.below(14)) {
        case 0 -> clientSends(script.bytes());
        case 1 -> serverSends(script.bytes());
        case 2 -> clientSends(Wire.packet(clientId++, Wire.sslRequest(script.oneOf(FLAGS))));
        case 3, 4, 5 -> clientSends(Wire.packet(clientId++, login()));
        case 6 -> serverSends(Wire.packet(0, greeting()));
        case 7 -> serverSends(Wire.packet(serverId++, Wire.ok()));
        case 8 -> serverSends(Wire.packet(serverId++, Wire.err(1045, "28000", "Access denied")));
        case 9 ->
            serverSends(
                Wire.packet(
                    serverId++,
                    Wire.authSwitchRequest(script.oneOf(PLUGINS), "12345678901234567890")));
        case 10 -> serverSends(Wire.of(0x16, 3, 3, 0, script.number()).add(script.bytes()).bytes());
        case 11 -> proxy.pass(script.number() * 100L);
        case 12 -> proxy.client().close();
        default -> proxy.server().ifPresent(MemoryChannel::close);
      }
    }

    private byte[] greeting() {
      int flags = script.oneOf(FLAGS);
      return Wire.greeting(
          script.below(4) == 0 ? flags : flags | Wire.USUAL | Wire.SSL, script.oneOf(PLUGINS));
    }

    private byte[] login() {
      byte[] password = PASSWORD.repeat(script.below(4)).getBytes(ISO_8859_1);
      return Wire.login(script.oneOf(FLAGS), USER, password, script.oneOf(PLUGINS));
    }

    private void clientSends(byte[] bytes) {
      if (proxy.client().isOpen()) {
        proxy.client().arrive(bytes);
      }
    }

    private void serverSends(byte[] bytes) {
      proxy.server().filter(MemoryChannel::isOpen).ifPresent(channel -> channel.arrive(bytes));
    }

    private void look() {
      proxy.pass(0);
      proxy
          .server()
          .ifPresent(channel -> reached.append(new String(channel.written(), ISO_8859_1)));
      check(reached.indexOf("a-secret") < 0, "the server has read of the login: " + reached);
      check(
          !(proxy.phase() instanceof Authenticating || proxy.phase() instanceof Commands),
          "a login went on without TLS: " + proxy.phase());
      proxy.checkNoFault();
    }
  }
}
