package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.auth.Account;
import io.mysqltlsproxy.auth.LoginDialogue;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.ScriptedServer;
import io.mysqltlsproxy.testing.ScriptedServer.Session;
import io.mysqltlsproxy.testing.ServerContext;
import io.mysqltlsproxy.testing.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/**
 * A server on TLS that asks for one plugin after another, each with a scramble of its own: the
 * password comes to it in clear where the plugin wants that, and encrypted with no other key or
 * scramble than the last.
 */
class ConnectAuthSwitchIT {
  private static final String PASSWORD = "open sesame";
  private static final String SHA256 = "sha256_password";
  private static final String CACHING = "caching_sha2_password";
  private static final List<String> PLUGINS =
      List.of(SHA256, CACHING, SHA256, Wire.NATIVE, CACHING, SHA256);

  private final SSLContext tls =
      ServerContext.showing(
          ProxyCertificates.shared().authority().issueServer("localhost", KeyType.EC));

  /** What came for each plugin: the password, or how long the response was. */
  private final List<String> received = Collections.synchronizedList(new ArrayList<>());

  private void play(Session session) throws IOException {
    session.send(0, Wire.greeting(Wire.USUAL | Wire.SSL, Wire.NATIVE));
    session.read();
    session.startTls(tls);
    authenticate(session, session.read());
    authenticate(session, session.read()); // COM_CHANGE_USER
    session.read();
  }

  private void authenticate(Session session, Packet login) throws IOException {
    Packet last = login;
    for (int i = 0; i < PLUGINS.size(); i++) {
      String plugin = PLUGINS.get(i);
      session.send(
          last.sequenceId() + 1, Wire.authSwitchRequest(plugin, "scramble " + i + " of 20 byt"));
      last = session.read();
      if (plugin.equals(CACHING)) {
        assertEquals(32, last.payload().length);
        session.send(last.sequenceId() + 1, Wire.of(1, 4).bytes());
        last = session.read();
      }
      received.add(
          plugin.equals(Wire.NATIVE)
              ? last.payload().length + " bytes"
              : new String(last.payload(), UTF_8));
    }
    session.send(last.sequenceId() + 1, Wire.ok());
  }

  private static int answer(RawClient client, LoginDialogue dialogue) throws Exception {
    int packets = 0;
    for (Packet packet = client.read(); !packet.isOk(); packet = client.read()) {
      assertEquals(-1, packet.errorCode(), packet::toString);
      ByteBuf answer = dialogue.answer(Unpooled.wrappedBuffer(packet.payload()));
      if (answer != null) {
        client.send(packet.sequenceId() + 1, ByteBufUtil.getBytes(answer));
      }
      packets++;
    }
    return packets;
  }

  @Test
  void eachPluginGetsThePasswordByItsOwnScramble() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(this::play);
        RunningProxy connect = RunningProxy.connecting(server.port());
        RawClient client = RawClient.connect(connect.address())) {
      LoginDialogue dialogue =
          new LoginDialogue(
              new Account("app", PASSWORD.getBytes(UTF_8), ""),
              /* encrypted= */ false,
              HandshakeV10.decode(Unpooled.wrappedBuffer(client.read().payload())));
      client.send(1, ByteBufUtil.getBytes(dialogue.response()));
      String clear = PASSWORD + "\0";
      List<String> expected = List.of(clear, clear, clear, "20 bytes", clear, clear);

      // A key for each that wants the password in clear, and two packets more for the caches.
      assertEquals(PLUGINS.size() + 5 + 2, answer(client, dialogue));
      assertEquals(expected, List.copyOf(received));

      received.clear();
      client.send(0, Wire.changeUser("app", new byte[20], Wire.NATIVE));
      assertTrue(answer(client, dialogue) > 0);
      assertEquals(expected, List.copyOf(received));
    }
  }
}
