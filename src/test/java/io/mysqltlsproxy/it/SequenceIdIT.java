package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.testing.PacketStream;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the relay of files rests on: a packet with sequence id 255 is file data to a server, or it
 * is the session's last.
 */
class SequenceIdIT {
  private static final int AUTH_SWITCH_REQUEST = 0xFE;

  @ParameterizedTest
  @EnumSource
  void aCommandWithSequenceId255EndsTheSession(ServerKind kind) throws Exception {
    TestServer server = kind.server();
    try (RawClient client = RawClient.greeted(server.address())) {
      logIn(client);

      assertTrue(endsWithoutOk(client), "no command is answered");
    }
    assertEquals(List.of(), server.sql("SHOW DATABASES LIKE 'behind%255'"));
  }

  private static void logIn(RawClient client) throws IOException {
    client.send(1, Wire.login("root"));
    PacketStream.Packet answer = client.read();
    if (answer.first() == AUTH_SWITCH_REQUEST) {
      client.send(answer.sequenceId() + 1, new byte[0]);
      answer = client.read();
    }
    assertTrue(answer.isOk(), answer.toString());
  }

  /** The server may end it before the second command is sent, and an error may come first. */
  private static boolean endsWithoutOk(RawClient client) throws IOException {
    try {
      client.send(255, Wire.query("DO 1"));
      client.send(0, Wire.query("CREATE DATABASE behind_255"));
      while (!client.read().isOk()) {
        // What it says is up to the server.
      }
      return false;
    } catch (EOFException | SocketException end) {
      return true;
    }
  }
}
