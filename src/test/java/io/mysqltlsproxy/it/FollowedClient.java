package io.mysqltlsproxy.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.codec.ResponseTracker;
import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.HandshakeV10;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.testing.PacketStream.Packet;
import io.mysqltlsproxy.testing.RawClient;
import io.mysqltlsproxy.testing.TestServer;
import io.mysqltlsproxy.testing.Wire;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;

/**
 * A client of a real server that sends a query behind each command, in one segment: a response that
 * has its end elsewhere than the tracker believes spoils the next one. Every byte is given to the
 * tracker alone.
 */
final class FollowedClient implements AutoCloseable {
  /** From where to where a packet is given in one piece, from its two ends, in bytes. */
  private static final int MIDDLE = 1000;

  private static final String MARK = "behind_it";
  private static final byte[] QUERY = Wire.query("SELECT CONCAT('behind', '_it') AS c");

  private final RawClient client;
  private final Capabilities spoken;
  final ResponseTracker tracker;

  private FollowedClient(RawClient client, Capabilities spoken) {
    this.client = client;
    this.spoken = spoken;
    this.tracker = new ResponseTracker(spoken);
  }

  /**
   * Logs in as a user without a password.
   *
   * @param more flags beyond the usual, MariaDB's extended ones among them
   */
  static FollowedClient logIn(TestServer server, String user, String plugin, long more)
      throws IOException, MalformedPacketException {
    RawClient client = RawClient.connect(server.address());
    HandshakeV10 greeting = HandshakeV10.decode(Unpooled.wrappedBuffer(client.read().payload()));
    long flags = Wire.USUAL | more;
    if (flags >>> 32 != 0) {
      flags &= ~Wire.LONG_PASSWORD;
    }
    byte[] login = Wire.login((int) flags, user, new byte[0], plugin);
    for (int i = 0; i < 4; i++) {
      login[28 + i] = (byte) (flags >>> (32 + 8 * i));
    }
    client.send(1, login);
    Packet answer = client.read();
    while (!answer.isOk()) {
      assertEquals(-1, answer.errorCode(), answer.toString());
      if (answer.first() == 0xFE) {
        client.send(answer.sequenceId() + 1, new byte[0]);
      }
      answer = client.read();
    }
    return new FollowedClient(client, new Capabilities(flags & greeting.capabilities().bits()));
  }

  boolean speaks(long flag) {
    return spoken.has(flag);
  }

  /** Sends a command and the query, and follows both responses; how the tracker ends. */
  State run(byte[] command) throws IOException {
    begins(command);
    begins(QUERY);
    client.sendRaw(Wire.of().add(Wire.packet(0, command)).add(Wire.packet(0, QUERY)).bytes());
    return followBoth();
  }

  /** The same for a command that asks for a file, which is empty: the query comes behind it. */
  State load(String sql) throws IOException {
    begins(Wire.query(sql));
    client.send(0, Wire.query(sql));
    return followBoth();
  }

  private State followBoth() throws IOException {
    byte[] mark = MARK.getBytes(US_ASCII);
    boolean marked = false;
    while (true) {
      Packet packet = client.read();
      follow(packet, !marked);
      if (marked) {
        return tracker.state();
      }
      if (tracker.state() == State.FILE_WANTED) {
        assertEquals(packet.sequenceId() + 1, tracker.nextId());
        client.send(tracker.nextId(), new byte[0]);
        tracker.filePacket(true);
        begins(QUERY);
        client.send(0, QUERY);
      }
      byte[] payload = packet.payload();
      marked =
          payload.length == mark.length + 1
              && Arrays.equals(payload, 1, payload.length, mark, 0, mark.length);
    }
  }

  private void begins(byte[] command) {
    tracker.command(command.length == 0 ? 0 : command[0] & 0xFF, command.length);
  }

  private void follow(Packet packet, boolean goesOn) {
    byte[] bytes = Wire.packet(packet.sequenceId(), packet.payload());
    int next;
    for (int at = 0; at < bytes.length; at = next) {
      assertNotEquals(State.IDLE, tracker.state(), "ended before " + packet);
      next = at == MIDDLE ? Math.max(at + 1, bytes.length - MIDDLE) : at + 1;
      tracker.received(Unpooled.wrappedBuffer(bytes, at, next - at));
    }
    assertTrue(tracker.isBetweenPackets() || packet.payload().length == 0xFFFFFF);
    if (goesOn) {
      assertNotEquals(State.IDLE, tracker.state(), "ended with " + packet);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
