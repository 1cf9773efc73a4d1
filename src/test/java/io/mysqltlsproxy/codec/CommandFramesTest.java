package io.mysqltlsproxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.sslstatus.SslStatusQuery;
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
  private static final int CHANGE_USER = 0x11;
  private static final int QUERY = 0x03;
  private static final int MAX = PacketHeader.MAX_PAYLOAD;

  private final CommandFrames frames = new CommandFrames(SslStatusQuery.FILTER);

  @Test
  void commandsPass() {
    ByteBuf data = stream(frame(0, QUERY, 10), frame(0, 0x16, 5), frame(0, 0x0e, 1));

    assertPasses(data);
  }

  @ParameterizedTest
  @ValueSource(ints = {CHANGE_USER, Command.COM_MULTI})
  void theRelayStopsBeforeAChangeOfUser(int command) {
    ByteBuf data = stream(frame(0, QUERY, 10), frame(0, command, 30), frame(0, QUERY, 10));

    assertEquals(14, frames.scan(data));

    data.skipBytes(14);
    assertTrue(frames.stoppedAtCommand(data));
    assertEquals(30, CommandFrames.commandLength(data));
    assertFalse(frames.mayBeFileData());
    assertEquals(0, frames.scan(data), "asked again, it stops again");
    frames.pass(data);
    assertEquals(34 + 14, frames.scan(data), "once passed, it goes on with what follows");
  }

  @Test
  void theFirstByteIsAwaited() {
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
  void aHeaderCutInTwoIsKeptBack() {
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
  void whatOnlyLooksLikeAChangeOfUserPasses() {
    assertPasses(stream(frame(1, CHANGE_USER, 30)), "no command: sequence id 1");
    assertPasses(stream(frame(0, QUERY, 30, CHANGE_USER)), "inside a command");
    assertPasses(stream(frame(0, 0, 0), frame(1, CHANGE_USER, 4)), "behind an empty packet");
  }

  @Test
  void aChangeOfUserBehindAnEmptyPacketIsSeen() {
    ByteBuf data = stream(frame(0, 0, 0), frame(0, CHANGE_USER, 4));

    assertEquals(4, frames.scan(data));
  }

  @Test
  void aContinuationOf16MibIsNoCommandWhateverItsBytes() {
    ByteBuf data = stream(frame(0, QUERY, MAX), frame(0, CHANGE_USER, 20));
    assertPasses(data);

    ByteBuf next = stream(frame(0, CHANGE_USER, 20));
    assertEquals(0, frames.scan(next), "the command behind it is one");
  }

  @Test
  void anEmptyContinuationEndsACommandOf16Mib() {
    ByteBuf data = stream(frame(0, QUERY, MAX), frame(1, 0, 0), frame(0, CHANGE_USER, 20));

    assertEquals(4 + MAX + 4, frames.scan(data));
  }

  @Test
  void aChangeOfUserOf16MibIsStoppedAtByItsFirstByte() {
    ByteBuf data = Packets.of(Packets.hex("ffffff00 11"));

    assertEquals(0, frames.scan(data));
    assertTrue(frames.stoppedAtCommand(data));
    assertEquals(MAX, CommandFrames.commandLength(data));
  }

  @Test
  void aFileOfMoreThan255PacketsMayLookLikeAChangeOfUser() {
    ByteBuf data = Unpooled.buffer();
    for (int id = 2; id <= 255; id++) {
      data.writeBytes(frame(id, CHANGE_USER, 8));
    }
    int before = data.readableBytes();
    data.writeBytes(frame(0, CHANGE_USER, 8)).writeBytes(frame(1, CHANGE_USER, 8));

    assertEquals(before, frames.scan(data));

    data.skipBytes(before);
    assertTrue(frames.mayBeFileData());
    frames.pass(data);
    assertEquals(data.readableBytes(), frames.scan(data));
  }

  @Test
  void behindTheEndOfAFileACommandIsACommand() {
    ByteBuf data = stream(frame(254, 'x', 8), frame(255, 0, 0), frame(0, CHANGE_USER, 8));

    assertEquals(16, frames.scan(data));
    assertFalse(frames.mayBeFileData());
  }

  @Test
  void behindAFileWhoseEndWrapsACommandIsACommand() {
    ByteBuf data = stream(frame(255, 'x', 8), frame(0, 0, 0), frame(0, CHANGE_USER, 8));

    assertEquals(16, frames.scan(data));
    assertFalse(frames.mayBeFileData());
  }

  @Test
  void bytesBeforeTheReaderIndexDoNotCount() {
    ByteBuf data = Packets.of("read", 5, 0, 0, 0, CHANGE_USER);
    data.skipBytes(4);

    assertEquals(0, frames.scan(data));
    assertTrue(frames.stoppedAtCommand(data));
  }

  /** Any cut of any stream gives the same stops, and all bytes in order. */
  @Test
  void howTheStreamIsCutMakesNoDifference() {
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

  /** The stops of a stream, each with its offset and whether it may be file data. */
  private static List<String> relay(ByteBuf stream, List<Integer> cuts) {
    CommandFrames frames = new CommandFrames(SslStatusQuery.FILTER);
    List<String> stops = new ArrayList<>();
    ByteBuf held = Unpooled.buffer();
    int received = 0;
    int passed = 0;
    for (int cut : cuts) {
      held.writeBytes(stream, received, cut);
      received += cut;
      int passing = frames.scan(held);
      held.skipBytes(passing);
      passed += passing;
      while (frames.stoppedAtCommand(held)) {
        stops.add(
            "%d %d %s"
                .formatted(passed, CommandFrames.commandLength(held), frames.mayBeFileData()));
        frames.pass(held);
        passing = frames.scan(held);
        held.skipBytes(passing);
        passed += passing;
      }
    }
    assertEquals(stream.readableBytes(), passed);
    return stops;
  }

  /** Commands, with and without a file behind them, some of them changes of user. */
  private static ByteBuf randomStream(Random random) {
    int[] commands = {QUERY, CHANGE_USER, Command.COM_MULTI, 0x0e};
    ByteBuf stream = Unpooled.buffer();
    for (int i = random.nextInt(8); i >= 0; i--) {
      stream.writeBytes(frame(0, commands[random.nextInt(4)], random.nextInt(12)));
      if (random.nextInt(4) == 0) {
        int packets = 250 + random.nextInt(12);
        for (int id = 2; id < packets; id++) {
          stream.writeBytes(frame(id, commands[random.nextInt(4)], 1 + random.nextInt(3)));
        }
        stream.writeBytes(frame(packets, 0, 0));
      }
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

  private void assertPasses(ByteBuf data) {
    assertPasses(data, "");
  }

  private void assertPasses(ByteBuf data, String why) {
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
