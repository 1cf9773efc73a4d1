package io.mysqltlsproxy.connection;

import static io.mysqltlsproxy.connection.MemoryProxy.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mysqltlsproxy.connection.ClientPhase.Authenticating;
import io.mysqltlsproxy.connection.ClientPhase.Closed;
import io.mysqltlsproxy.connection.ClientPhase.Commands;
import io.mysqltlsproxy.protocol.PasswordlessLogin;
import io.mysqltlsproxy.testing.Packets;
import io.mysqltlsproxy.testing.Wire;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The whole way of a connection to the end of its login, with any bytes from both peers in any
 * order: nothing fails that must not, nothing leaks, no connection outlives its timeouts, and
 * nothing reaches the server but logins that the rules admit, one packet for each of its own.
 *
 * <p>{@code mvn test} runs the inputs kept beside this class, and some thousand by chance. {@code
 * JAZZER_FUZZ=1 mvn test -Dtest.jvm.args= -Dtest=BeforeLoginFuzzTest#connection} searches for more.
 */
@ExtendWith(MemoryProxy.Silence.class)
@SuppressWarnings("FutureReturnValueIgnored") // a channel tells its end by itself
class BeforeLoginFuzzTest {
  private static final int RANDOM_INPUTS = 1500;

  private static final List<byte[]> GREETINGS =
      Stream.of(
              Stream.of(
                      "mysql-5.5.9",
                      "mysql-5.6.24",
                      "mysql-9.7",
                      "mariadb-10.2.11",
                      "mariadb-11.4.5",
                      "mariadb-11.8")
                  .map(
                      name -> ByteBufUtil.getBytes(Packets.recorded("greetings/" + name + ".hex"))),
              Stream.of(Wire.greeting(), Wire.greeting(Wire.LONG_PASSWORD, ""), new byte[] {9, 0}))
          .flatMap(greetings -> greetings)
          .toList();

  private static final List<String> PLUGINS =
      List.of(
          "mysql_native_password",
          "caching_sha2_password",
          "sha256_password",
          "mysql_clear_password",
          "dialog",
          "parsec",
          "");

  private static final List<Integer> FLAGS =
      List.of(
          Wire.USUAL,
          Wire.USUAL | Wire.LENENC_AUTH,
          Wire.USUAL | Wire.COMPRESS | Wire.ZSTD,
          Wire.PROTOCOL_41,
          Wire.LONG_PASSWORD,
          0,
          -1);

  private static final List<String> USERS =
      Stream.of(
              Stream.of("app", "'app'", "other", MemoryProxy.TLS_USER),
              MemoryProxy.REFUSED.stream(),
              Stream.of("''app''", "APP", "app ", "app\u00e9", PasswordlessLogin.NOBODY))
          .flatMap(names -> names)
          .toList();

  private static final byte[] PROXY_V1 =
      "PROXY TCP4 10.0.0.5 10.0.0.6 4000 3306\r\n".getBytes(ISO_8859_1);
  private static final byte[] PROXY_V2 = Packets.hex("0d0a0d0a000d0a515549540a");

  /** With the byte that marks a plugin's data. */
  private static final byte[] KEY = Wire.rsaKey();

  @FuzzTest
  void connection(byte[] data) {
    new Run(new Script(data)).run();
  }

  @Test
  void connectionsByChanceHoldToo() {
    Script.byChance(RANDOM_INPUTS, 80, this::connection);
  }

  private static final class Run {
    private final Script script;
    private final MemoryProxy proxy;
    private final PacketReader client = new PacketReader();
    private final PacketReader server = new PacketReader();
    private final PacketReader said = new PacketReader();
    private byte[] headed = {};
    private @Nullable TlsPeer tls;
    private @Nullable String loginName;
    private boolean admitsNobody;
    private int skippedIds;
    private int split = 255;

    Run(Script script) {
      this.script = script;
      this.proxy = MemoryProxy.accept(script.below(MemoryProxy.SETUPS_BEFORE_LOGIN));
    }

    void run() {
      if (script.below(8) > 0) {
        proxy.serverAccepts();
      }
      if (script.below(8) > 0) {
        serverSends(packet(0, script.oneOf(GREETINGS)));
      }
      try {
        look();
        while (script.goesOn() && !(proxy.phase() instanceof Commands)) {
          step();
          look();
        }
        proxy.end(proxy.phase() instanceof Commands || script.below(2) == 0);
      } finally {
        if (tls != null) {
          tls.close();
        }
      }
    }

    private void step() {
      switch (script.below(20)) {
        case 0 -> clientSends(script.bytes());
        case 1 -> serverSends(script.bytes());
        case 2 -> clientSends(clientPacket(Wire.sslRequest(script.oneOf(FLAGS))));
        case 3 -> handshake();
        case 4, 5 -> clientSends(clientPacket(login()));
        case 6 -> serverSends(packet(0, script.oneOf(GREETINGS)));
        case 7 -> serverSends(serverPacket(Wire.ok()));
        case 8 -> serverSends(serverPacket(Wire.err(1045, "28000", "Access denied")));
        case 9 ->
            serverSends(
                serverPacket(
                    Wire.authSwitchRequest(script.oneOf(PLUGINS), "12345678901234567890")));
        case 10 -> serverSends(serverPacket(moreData()));
        case 11 -> serverSends(serverPacket(script.bytes()));
        case 12 -> clientSends(clientPacket(script.bytes()));
        case 13 -> clientSends(script.below(2) == 0 ? PROXY_V1 : PROXY_V2);
        case 14 -> proxy.pass(script.number() * 100L);
        case 15 -> proxy.client().close();
        case 16 -> proxy.server().ifPresent(MemoryChannel::close);
        case 17 -> fail(script.below(2) == 0);
        case 18 -> changes();
        default -> split = 1 + script.number();
      }
    }

    private void changes() {
      switch (script.below(5)) {
        case 0 -> proxy.serverAccepts();
        case 1 -> proxy.serverRefuses();
        case 2 -> {
          proxy.admitNobody();
          admitsNobody = true;
        }
        case 3 -> proxy.disconnect();
        default -> skippedIds++;
      }
    }

    /** Two of the answers of caching_sha2_password, some that mean nothing, or the server's key. */
    private byte[] moreData() {
      int number = script.below(6);
      return number == 5 ? KEY : Wire.of(1, number).bytes();
    }

    private byte[] login() {
      String user = script.oneOf(USERS);
      byte[] password = "secret".repeat(script.below(40)).getBytes(ISO_8859_1);
      return Wire.login(script.oneOf(FLAGS), user, password, script.oneOf(PLUGINS));
    }

    /** The client asks for TLS, and both sides do what it takes. */
    private void handshake() {
      if (tls == null) {
        clientSends(clientPacket(Wire.sslRequest(script.oneOf(FLAGS))));
        tls = new TlsPeer();
        arrive(tls.toSend());
      }
    }

    private void clientSends(byte[] bytes) {
      arrive(tls != null && tls.isReady() ? tls.encrypt(bytes) : bytes);
    }

    private void arrive(byte[] bytes) {
      for (int at = 0; at < bytes.length; at += split) {
        proxy.client().arrive(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + split)));
      }
    }

    private void serverSends(byte[] bytes) {
      proxy
          .server()
          .filter(MemoryChannel::isOpen)
          .ifPresent(
              channel -> {
                said.add(bytes);
                for (int at = 0; at < bytes.length; at += split) {
                  channel.arrive(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + split)));
                }
              });
    }

    private void fail(boolean clients) {
      (clients ? Optional.of(proxy.client()) : proxy.server())
          .filter(MemoryChannel::isOpen)
          .ifPresent(
              channel -> channel.pipeline().fireExceptionCaught(new IOException("reset by peer")));
    }

    private byte[] clientPacket(byte[] payload) {
      int id = client.lastId() + 1 + skippedIds;
      skippedIds = tls == null && client.packets() == 1 && isSslRequest(payload) ? 1 : 0;
      return packet(id, payload);
    }

    private static boolean isSslRequest(byte[] payload) {
      return payload.length == 32;
    }

    private byte[] serverPacket(byte[] payload) {
      return packet(server.lastId() + 1, payload);
    }

    private static byte[] packet(int id, byte[] payload) {
      return Wire.packet(id & 0xFF, payload);
    }

    /** What has happened. */
    private void look() {
      proxy.pass(0);
      exchangeTls();
      proxy.server().ifPresent(channel -> reached(channel.written()));
      while (said.hasNext()) {
        said.next();
      }
      check(
          proxy.phase() instanceof Commands || server.packets() <= said.packets(),
          server.packets() + " packets reached the server, which has sent " + said.packets());
      if (proxy.phase() instanceof Authenticating login) {
        String user = login.ruling().decision().login().user();
        check(user.equals(loginName), user + " was admitted, and " + loginName + " sent");
      }
      proxy.checkNoFault();
    }

    private void exchangeTls() {
      byte[] bytes = proxy.client().written();
      while (tls != null && bytes.length > 0) {
        client.add(tls.decrypt(bytes));
        arrive(tls.toSend());
        bytes = proxy.client().written();
      }
      client.add(bytes);
      while (client.hasNext()) {
        client.next();
      }
    }

    private void reached(byte[] bytes) {
      byte[] packets = bytes;
      if (headed.length == 0 && bytes.length >= 16) {
        headed = bytes;
        packets = withoutProxyHeader(bytes);
      }
      server.add(packets);
      while (server.hasNext()) {
        byte[] payload = server.next();
        if (server.packets() == 1) {
          loginReached(payload);
        }
      }
    }

    private static byte[] withoutProxyHeader(byte[] bytes) {
      return Arrays.equals(PROXY_V2, 0, 12, bytes, 0, 12)
          ? Arrays.copyOfRange(bytes, 16 + (bytes[14] << 8 | bytes[15]), bytes.length)
          : bytes;
    }

    private void loginReached(byte[] login) {
      boolean is41 = (login[1] & 2) != 0;
      String text = new String(login, ISO_8859_1);
      int start = is41 ? 32 : 5;
      String name = text.substring(start, text.indexOf(0, start));
      if (name.length() > 1 && name.startsWith("'") && name.endsWith("'")) {
        name = name.substring(1, name.length() - 1);
      }
      loginName = name;
      boolean left = proxy.phase() instanceof Closed && !text.contains("secret");
      boolean admitted =
          MemoryProxy.ADMITTED.contains(name) || (tls != null && name.equals(MemoryProxy.TLS_USER));
      check(
          left ? admitted || name.equals(PasswordlessLogin.NOBODY) : admitted && !admitsNobody,
          "a login of '" + name + "' reached the server");
    }
  }
}
