package io.mysqltlsproxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.sslstatus.SslStatusFilter;
import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandFramesTest {
  private static final Capabilities CAPABILITIES =
      new Capabilities(Capabilities.CLIENT_PROTOCOL_41);
  private static final Capabilities SENDS_FILES =
      CAPABILITIES.with(Capabilities.CLIENT_LOCAL_FILES);
  private static final byte[] OK = Packets.hex("07000001 00000002000000");
  private static final byte[] FILE_REQUEST = Packets.hex("05000001 fb66696c65");
  private static final int CHANGE_USER = 0x11;
  private static final int QUERY = 0x03;
  private static final int MAX = PacketHeader.MAX_PAYLOAD;

  private final ResponseTracker responses = new ResponseTracker(CAPABILITIES);
  private final CommandFrames frames = new CommandFrames(new SslStatusFilter(false), responses);

  @Test
  void commandsPass() throws Exception {
    ByteBuf data = stream(frame(0, QUERY, 10), frame(0, 0x16, 5), frame(0, 0x0e, 1));

    assertPasses(data);
  }

  @ParameterizedTest
  @ValueSource(ints = {CHANGE_USER, Command.COM_MULTI})
  void theRelayStopsBeforeAChangeOfUser(int command) throws Exception {
    ByteBuf data = stream(frame(0, QUERY, 10), frame(0, command, 30), frame(0, QUERY, 10));

    assertEquals(14, frames.scan(data));

    data.skipBytes(14);
    assertTrue(frames.stoppedAtCommand(data));
    assertEquals(30, CommandFrames.commandLength(data));
    assertEquals(0, frames.scan(data), "asked again, it stops again");
    frames.pass(data);
    assertEquals(34 + 14, frames.scan(data), "once passed, it goes on with what follows");
  }

  /** MySQL 5.5 reads on in the middle of what it takes for the file. */
  @Test
  void behindAQueryOfAClientThatSendsFilesACommandWaitsForTheWholeResponse() throws Exception {
    ResponseTracker responses = new ResponseTracker(SENDS_FILES);
    CommandFrames frames = new CommandFrames(new SslStatusFilter(false), responses);
    ByteBuf data = stream(frame(0, 0x16, 5), frame(0, QUERY, MAX), frame(1, 0, 3));
    assertEquals(data.readableBytes(), frames.scan(data), "nothing before a query waits");
    for (ByteBuf next : List.of(stream(frame(0, QUERY, 10)), stream(frame(0, 0x19, 10)))) {
      assertEquals(0, frames.scan(next));
      assertTrue(frames.waitsForServer());
    }
    responses.received(Unpooled.wrappedBuffer(Packets.hex("0c000001 000100000000000000000000")));
    ByteBuf next = stream(frame(0, QUERY, 10));
    assertEquals(0, frames.scan(next));

    responses.received(Unpooled.wrappedBuffer(Packets.hex("07000002 00000002000000")));

    assertEquals(14, frames.scan(next));
    responses.received(Unpooled.wrappedBuffer(FILE_REQUEST));
    assertThrows(PacketFormatException.class, () -> frames.scan(stream(frame(0, QUERY, 10))));
  }

  @Test
  void nothingGoesBehindAQueryWhoseResponseIsNotKnown() throws Exception {
    ResponseTracker responses = new ResponseTracker(SENDS_FILES);
    CommandFrames frames = new CommandFrames(new SslStatusFilter(false), responses);
    responses.received(Unpooled.wrappedBuffer(OK));
    assertEquals(ResponseTracker.State.UNKNOWN, responses.state());
    ByteBuf other = stream(frame(0, 0x0e, 1), frame(0, QUERY, 10));
    assertEquals(other.readableBytes(), frames.scan(other));

    assertThrows(PacketFormatException.class, () -> frames.scan(stream(frame(0, 0x2d, 10))));
  }

  @Test
  void theFirstByteIsAwaited() throws Exception {
    ByteBuf data = Unpooled.buffer();
    byte[] packet = Packets.hex("05000000 11");
    for (byte b : packet) {
      assertEquals(0, frames.scan(data), data.readableBytes() + " bytes are here");
      assertFalse(frames.stoppedAtCommand(data));
      data.writeByte(b);
    }

    assertEquals(0, frames.scan(data));
    assertTrue(frames.stoppedAtCommand(data));
  }

  @Test
  void aHeaderCutInTwoIsKeptBack() throws Exception {
    ByteBuf data = stream(frame(0, QUERY, 10));
    data.writeBytes(Packets.hex("0500"));

    assertEquals(14, frames.scan(data));
    data.skipBytes(14);
    assertFalse(frames.stoppedAtCommand(data));
    data.writeBytes(Packets.hex("0000 11"));
    assertEquals(0, frames.scan(data));
    assertTrue(frames.stoppedAtCommand(data));
  }

  @Test
  void whatOnlyLooksLikeAChangeOfUserPasses() throws Exception {
    assertPasses(stream(frame(0, QUERY, 30, CHANGE_USER)), "inside a command");
  }

  @Test
  void anEmptyPacketIsACommand() throws Exception {
    assertPasses(stream(frame(0, 0, 0)));

    assertEquals(State.ANSWERING, responses.state());
  }

  @Test
  void aChangeOfUserBehindAnEmptyPacketIsSeen() throws Exception {
    ByteBuf data = stream(frame(0, 0, 0), frame(0, CHANGE_USER, 4));

    assertEquals(4, frames.scan(data));
  }

  @Test
  void theResponsesLearnOfEachCommand() throws Exception {
    assertPasses(stream(frame(0, QUERY, 10), frame(0, Command.COM_STATISTICS, 1)));

    receive(OK);
    assertEquals(State.ANSWERING, responses.state());
    receive(Packets.hex("06000001 557074696d65"));
    assertEquals(State.IDLE, responses.state());
  }

  @Test
  void aCommandThatFillsTheQueueWaits() throws Exception {
    ByteBuf data = Unpooled.buffer();
    for (int i = 0; i < CommandQueue.CAPACITY + 2; i++) {
      data.writeBytes(frame(0, QUERY, 2));
    }

    assertEquals(6 * CommandQueue.CAPACITY, frames.scan(data));
    data.skipBytes(6 * CommandQueue.CAPACITY);
    assertTrue(frames.waitsForServer());
    assertFalse(frames.stoppedAtCommand(data));
    assertEquals(0, frames.scan(data));

    receive(OK);
    assertEquals(6, frames.scan(data));
    assertTrue(frames.waitsForServer());
  }

  @Test
  void aContinuationOf16MibIsNoCommandWhateverItsBytes() throws Exception {
    ByteBuf data = stream(frame(0, QUERY, MAX), frame(0, CHANGE_USER, 20));
    assertPasses(data);

    ByteBuf next = stream(frame(0, CHANGE_USER, 20));
    assertEquals(0, frames.scan(next), "the command behind it is one");
  }

  @Test
  void anEmptyContinuationEndsACommandOf16Mib() throws Exception {
    ByteBuf data = stream(frame(0, QUERY, MAX), frame(1, 0, 0), frame(0, CHANGE_USER, 20));

    assertEquals(4 + MAX + 4, frames.scan(data));
  }

  @Test
  void aChangeOfUserOf16MibIsStoppedAtByItsFirstByte() throws Exception {
    ByteBuf data = Packets.of(Packets.hex("ffffff00 11"));

    assertEquals(0, frames.scan(data));
    assertTrue(frames.stoppedAtCommand(data));
    assertEquals(MAX, CommandFrames.commandLength(data));
  }

  @Test
  void aFileThatIsWantedPassesWhateverItsBytes() throws Exception {
    wantFile();
    ByteBuf file = Unpooled.buffer();
    for (int id = 2; id < 2 + 600; id++) {
      file.writeBytes(frame(id & 0xFF, CHANGE_USER, 8));
    }
    file.writeBytes(frame(602 & 0xFF, 0, 0));

    assertPasses(file);
    assertEquals(State.ANSWERING, responses.state());
    assertEquals(0, frames.scan(stream(frame(0, CHANGE_USER, 8))), "behind its end");
  }

  @Test
  void aFileWaitsUntilItIsWanted() throws Exception {
    assertPasses(stream(frame(0, QUERY, 10)));
    ByteBuf file = stream(frame(2, 'x', 8), frame(3, 0, 0));

    assertEquals(0, frames.scan(file));
    assertTrue(frames.waitsForServer());
    assertFalse(frames.stoppedAtCommand(file));
    receive(FILE_REQUEST);
    assertPasses(file);
  }

  @Test
  void aFileThatNobodyWantsIsOutOfOrder() throws Exception {
    assertThrows(PacketFormatException.class, () -> frames.scan(stream(frame(2, 'x', 8))));

    assertPasses(stream(frame(0, QUERY, 10)));
    ByteBuf file = stream(frame(255, 'x', 8), frame(0, CHANGE_USER, 8));
    assertEquals(0, frames.scan(file));
    receive(OK);
    PacketFormatException problem =
        assertThrows(PacketFormatException.class, () -> frames.scan(file));
    assertEquals("a packet with sequence id 255 where 0 was due", problem.getMessage());
  }

  @Test
  void aCommandInTheMidstOfAFileIsOutOfOrder() throws Exception {
    wantFile();
    ByteBuf data = stream(frame(2, 'x', 8), frame(0, CHANGE_USER, 8));

    assertThrows(PacketFormatException.class, () -> frames.scan(data));
  }

  @Test
  void anEmptyContinuationInAFileIsNotItsEnd() throws Exception {
    wantFile();

    assertPasses(stream(frame(2, 'x', MAX), frame(3, 0, 0)));
    assertEquals(State.FILE_WANTED, responses.state());
    assertPasses(stream(frame(4, 0, 0)));
    assertEquals(State.ANSWERING, responses.state());
  }

  @Test
  void whereTheResponsesAreUnknownAllButAChangeOfUserPasses() throws Exception {
    receive(OK);
    assertEquals(State.UNKNOWN, responses.state());

    assertPasses(stream(frame(3, 'x', 8), frame(0, QUERY, 8)));
    assertEquals(0, frames.scan(stream(frame(0, CHANGE_USER, 8))));
  }

  @Test
  void bytesBeforeTheReaderIndexDoNotCount() throws Exception {
    ByteBuf data = Packets.of("read", 5, 0, 0, 0, CHANGE_USER);
    data.skipBytes(4);

    assertEquals(0, frames.scan(data));
    assertTrue(frames.stoppedAtCommand(data));
  }

  /** Any cut of any stream gives the same stops, and all bytes in order. */
  @Test
  void howTheStreamIsCutMakesNoDifference() throws Exception {
    Random random = new Random(55_9);
    for (int round = 0; round < 400; round++) {
      ByteBuf stream = randomStream(random);
      List<String> whole = relay(stream, List.of(stream.readableBytes()));

      assertEquals(whole, relay(stream, bytewise(stream)), "byte by byte, round " + round);
      for (int i = 0; i < 10; i++) {
        List<Integer> cuts = randomCuts(random, stream.readableBytes());
        assertEquals(whole, relay(stream, cuts), "round " + round + ", cut into " + cuts);
      }
    }
  }

  /**
   * The stops of a stream, each with its offset. The server wants a file for the first packet that
   * must wait, and answers each command at once otherwise.
   */
  private static List<String> relay(ByteBuf stream, List<Integer> cuts) throws Exception {
    ResponseTracker responses = new ResponseTracker(CAPABILITIES);
    CommandFrames frames = new CommandFrames(new SslStatusFilter(false), responses);
    List<String> stops = new ArrayList<>();
    ByteBuf held = Unpooled.buffer();
    int received = 0;
    int passed = 0;
    for (int cut : cuts) {
      held.writeBytes(stream, received, cut);
      received += cut;
      boolean goesOn = true;
      while (goesOn) {
        int passing = frames.scan(held);
        held.skipBytes(passing);
        passed += passing;
        goesOn = true;
        if (frames.waitsForServer()) {
          stops.add(passed + " waits");
          responses.received(Unpooled.wrappedBuffer(FILE_REQUEST));
        } else if (frames.stoppedAtCommand(held)) {
          stops.add(passed + " " + CommandFrames.commandLength(held));
          frames.pass(held);
        } else {
          goesOn = false;
        }
      }
    }
    assertEquals(stream.readableBytes(), passed);
    return stops;
  }

  /** Commands of which the last has a file behind it. */
  private static ByteBuf randomStream(Random random) {
    int[] commands = {QUERY, CHANGE_USER, Command.COM_MULTI, 0x0e};
    ByteBuf stream = Unpooled.buffer();
    stream.writeBytes(frame(0, QUERY, 1 + random.nextInt(12)));
    int packets = 250 + random.nextInt(12);
    for (int id = 2; id < packets; id++) {
      stream.writeBytes(frame(id & 0xFF, commands[random.nextInt(4)], 1 + random.nextInt(3)));
    }
    stream.writeBytes(frame(packets & 0xFF, 0, 0));
    for (int i = random.nextInt(8); i >= 0; i--) {
      stream.writeBytes(frame(0, commands[random.nextInt(4)], random.nextInt(12)));
    }
    return stream;
  }

  private static List<Integer> bytewise(ByteBuf stream) {
    return Collections.nCopies(stream.readableBytes(), 1);
  }

  private static List<Integer> randomCuts(Random random, int length) {
    List<Integer> cuts = new ArrayList<>();
    for (int left = length; left > 0; ) {
      int cut = Math.min(left, 1 + random.nextInt(random.nextBoolean() ? 8 : 200));
      cuts.add(cut);
      left -= cut;
    }
    return cuts;
  }

  private void wantFile() throws Exception {
    assertPasses(stream(frame(0, QUERY, 10)));
    receive(FILE_REQUEST);
    assertEquals(State.FILE_WANTED, responses.state());
  }

  private void receive(byte[] fromServer) {
    responses.received(Unpooled.wrappedBuffer(fromServer));
  }

  private void assertPasses(ByteBuf data) throws Exception {
    assertPasses(data, "");
  }

  private void assertPasses(ByteBuf data, String why) throws Exception {
    assertEquals(data.readableBytes(), frames.scan(data), why);
    data.skipBytes(data.readableBytes());
    assertFalse(frames.stoppedAtCommand(data), why);
  }

  private static ByteBuf stream(ByteBuf... frames) {
    return Unpooled.copiedBuffer(frames);
  }

  /** A packet whose payload begins with one byte and goes on with others. */
  private static ByteBuf frame(int id, int first, int length, int... others) {
    int filler = others.length == 0 ? first : others[0];
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) filler);
    if (length > 0) {
      payload[0] = (byte) first;
    }
    return Unpooled.buffer(4 + length).writeMediumLE(length).writeByte(id).writeBytes(payload);
  }
}
