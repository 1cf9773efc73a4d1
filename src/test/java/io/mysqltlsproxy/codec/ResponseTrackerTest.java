package io.mysqltlsproxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.codec.ResponseTracker.State;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.Command;
import io.mysqltlsproxy.testing.Packets;
import io.mysqltlsproxy.testing.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses by hand; {@code ResponseTrackerIT} has those of real servers. */
class ResponseTrackerTest {
  private static final byte[] OK = Packets.hex("00 00 00 0200 0000");
  private static final byte[] OK_MORE = Packets.hex("00 00 00 0a00 0000");
  private static final byte[] OK_IN_TRANSACTION = Packets.hex("00 00 00 0300 0000");
  private static final byte[] ERR = bytes(0xFF, 0x28, 0x04, "#42000no");
  private static final byte[] EOF = Packets.hex("fe 0000 0200");
  private static final byte[] EOF_MORE = Packets.hex("fe 0000 0a00");
  private static final byte[] EOF_CURSOR = Packets.hex("fe 0000 4200");
  private static final byte[] EOF_LAST_ROW = Packets.hex("fe 0000 8200");
  private static final byte[] OK_AT_END = Packets.hex("fe 00 00 0200 0000");
  private static final byte[] DEFINITION = bytes(3, "def", 0);
  private static final byte[] ROW = bytes(1, "x");
  private static final byte[] FILE = bytes(0xFB, "file");
  private static final byte[] PROGRESS = bytes(0xFF, 0xFF, 0xFF, 1, 1, 2, 0, 0, 0, 0);

  private final ResponseTracker tracker = new ResponseTracker(capabilities(0));
  private int id = 1;

  @ParameterizedTest
  @ValueSource(
      ints = {
        Command.COM_QUERY,
        Command.COM_STMT_EXECUTE,
        Command.COM_STMT_BULK_EXECUTE,
        Command.COM_INIT_DB,
        Command.COM_PING,
        Command.COM_STMT_RESET,
        Command.COM_RESET_CONNECTION,
        Command.COM_SET_OPTION,
        Command.COM_REGISTER_SLAVE,
        Command.COM_PROCESS_KILL
      })
  void anOkAnswersACommand(int command) {
    tracker.command(command, 20);
    assertEquals(State.ANSWERING, tracker.state());

    assertEnds(tracker, OK);
  }

  @Test
  void anErrAnswersEveryCommandThatIsAnswered() {
    for (int command = 0; command < 256; command++) {
      tracker.command(command, 20);
      if (tracker.state() == State.ANSWERING) {
        assertEnds(tracker, ERR);
        assertEquals("no", tracker.error());
      }
      assertEquals(State.IDLE, tracker.state(), "command " + command);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Command.COM_SET_OPTION, Command.COM_DEBUG, Command.COM_SHUTDOWN})
  void anEofMayAnswerACommand(int command) {
    tracker.command(command, 3);

    assertEnds(tracker, EOF);
  }

  @ParameterizedTest
  @ValueSource(ints = {Command.COM_STMT_CLOSE, Command.COM_STMT_SEND_LONG_DATA})
  void someCommandsAreNotAnswered(int command) {
    tracker.command(command, 7);

    assertEquals(State.IDLE, tracker.state());
  }

  /** MySQL 9.7 answers it with an error, others not at all. */
  @ParameterizedTest
  @CsvSource({Command.COM_STMT_CLOSE + ", 4", Command.COM_STMT_SEND_LONG_DATA + ", 6"})
  void oneOfThoseThatIsTooShortMayBeAnswered(int command, int length) {
    tracker.command(command, length);
    tracker.command(Command.COM_QUERY, 9);

    receive(tracker, ERR);
    assertEquals(State.ANSWERING, tracker.state());
    id = 1;
    assertEnds(tracker, OK);
  }

  @Test
  void anEmptyPacketIsACommandThatIsAnsweredWithAnError() {
    tracker.command(0, 0);
    assertEquals(State.ANSWERING, tracker.state());

    assertEnds(tracker, ERR);
  }

  @Test
  void statisticsAreOnePacketOfText() {
    tracker.command(Command.COM_STATISTICS, 1);

    assertEnds(tracker, bytes("Uptime: 7"));
  }

  @Test
  void aResultSetEndsWithItsSecondEof() {
    tracker.command(Command.COM_QUERY, 9);

    assertEnds(tracker, bytes(2), DEFINITION, DEFINITION, EOF, ROW, bytes(0xFB, 0xFB), ROW, EOF);
  }

  @Test
  void aResultSetMayHaveNoRows() {
    tracker.command(Command.COM_QUERY, 9);

    assertEnds(tracker, bytes(1), DEFINITION, EOF, EOF);
  }

  @Test
  void withDeprecateEofAResultSetEndsWithAnOk() {
    ResponseTracker deprecating =
        new ResponseTracker(capabilities(Capabilities.CLIENT_DEPRECATE_EOF));
    deprecating.command(Command.COM_QUERY, 9);

    assertEnds(deprecating, bytes(1), DEFINITION, ROW, OK_AT_END);

    byte[] changes = new byte[5000];
    System.arraycopy(OK_AT_END, 0, changes, 0, OK_AT_END.length);
    deprecating.command(Command.COM_QUERY, 9);
    assertEnds(deprecating, bytes(1), DEFINITION, ROW, changes);
  }

  @Test
  void aRowMayBeginLikeAnEnd() {
    tracker.command(Command.COM_QUERY, 9);
    byte[] long8 = new byte[40];
    long8[0] = (byte) 0xFE;

    assertEnds(tracker, bytes(1), DEFINITION, EOF, long8, ROW, EOF);
  }

  @Test
  void anErrorAmongTheRowsEndsTheResponse() {
    tracker.command(Command.COM_QUERY, 9);

    assertEnds(tracker, bytes(1), DEFINITION, EOF, ROW, ERR);
  }

  @Test
  void anErrorAmongTheDefinitionsEndsTheResponse() {
    tracker.command(Command.COM_QUERY, 9);

    assertEnds(tracker, bytes(2), DEFINITION, ERR);
  }

  @Test
  void aResultWith300ColumnsHasAsManyDefinitions() {
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, Packets.hex("fc 2c01"));
    for (int i = 0; i < 300; i++) {
      receive(tracker, DEFINITION);
    }

    assertEnds(tracker, EOF, ROW, EOF);
  }

  @Test
  void definitionsMayBeLeftOut() {
    tracker.command(Command.COM_STMT_EXECUTE, 10);
    assertEnds(tracker, bytes(2, 0), EOF, ROW, EOF);

    tracker.command(Command.COM_STMT_EXECUTE, 10);
    assertEnds(tracker, bytes(2, 1), DEFINITION, DEFINITION, EOF, ROW, EOF);
  }

  @Test
  void moreResultsFollowWhereTheStatusSaysSo() {
    tracker.command(Command.COM_QUERY, 9);

    assertEnds(tracker, OK_MORE, bytes(1), DEFINITION, EOF, ROW, EOF_MORE, OK_MORE, OK);

    tracker.command(Command.COM_QUERY, 9);
    assertEnds(tracker, OK_MORE, ERR);
  }

  @Test
  void anExecutionThatOpensACursorSendsNoRows() {
    tracker.command(Command.COM_STMT_EXECUTE, 10);
    assertEnds(tracker, bytes(1), DEFINITION, EOF_CURSOR);
    assertTrue(tracker.hasOpenCursor());

    tracker.command(Command.COM_STMT_FETCH, 9);
    assertEnds(tracker, ROW, ROW, EOF_CURSOR);
    tracker.command(Command.COM_STMT_FETCH, 9);
    assertEnds(tracker, ROW, EOF_LAST_ROW);
    assertFalse(tracker.hasOpenCursor());
  }

  @Test
  void closingAStatementClosesItsCursor() {
    tracker.command(Command.COM_STMT_EXECUTE, 10);
    receive(tracker, bytes(1), DEFINITION, EOF_CURSOR);
    tracker.command(Command.COM_STMT_CLOSE, 5);

    assertFalse(tracker.hasOpenCursor());
  }

  @Test
  void aListOfFieldsIsDefinitionsUpToAnEof() {
    tracker.command(Command.COM_FIELD_LIST, 9);

    assertEnds(tracker, DEFINITION, DEFINITION, EOF);
  }

  @Test
  void aPreparedStatementHasTwoListsOfDefinitions() {
    tracker.command(Command.COM_STMT_PREPARE, 9);
    assertEnds(tracker, prepared(0, 0));
    tracker.command(Command.COM_STMT_PREPARE, 9);
    assertEnds(tracker, prepared(0, 2), DEFINITION, DEFINITION, EOF);
    tracker.command(Command.COM_STMT_PREPARE, 9);
    assertEnds(tracker, prepared(1, 0), DEFINITION, EOF);
    tracker.command(Command.COM_STMT_PREPARE, 9);
    assertEnds(tracker, prepared(2, 1), DEFINITION, DEFINITION, EOF, DEFINITION, EOF);
  }

  @Test
  void withDeprecateEofThereIsNoneBehindThem() {
    ResponseTracker deprecating =
        new ResponseTracker(capabilities(Capabilities.CLIENT_DEPRECATE_EOF));
    deprecating.command(Command.COM_STMT_PREPARE, 9);

    assertEnds(deprecating, prepared(1, 2), DEFINITION, DEFINITION, DEFINITION);
  }

  @Test
  void theDefinitionsOfAPreparedStatementMayBeLeftOut() {
    tracker.command(Command.COM_STMT_PREPARE, 9);

    assertEnds(tracker, bytes(prepared(1, 1), 0), EOF, EOF);
  }

  @Test
  void aFileIsWantedUpToItsEmptyPacket() {
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, FILE);
    assertEquals(State.FILE_WANTED, tracker.state());
    assertEquals(2, tracker.nextId());

    for (int packet = 2; packet < 600; packet++) {
      assertEquals(packet & 0xFF, tracker.nextId());
      tracker.filePacket(false);
    }
    tracker.filePacket(true);

    assertEquals(State.ANSWERING, tracker.state());
    id = 601 & 0xFF;
    assertEnds(tracker, OK);
  }

  @Test
  void aFileMayBeWantedBehindAnotherResult() {
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, OK_MORE, FILE);
    assertEquals(State.FILE_WANTED, tracker.state());

    tracker.filePacket(true);
    id++;
    assertEnds(tracker, OK);
  }

  @Test
  void anAnswerBeforeTheEndOfTheFileIsNotFollowed() {
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, FILE, OK);

    assertEquals(State.UNKNOWN, tracker.state());
    assertEquals("it sent a packet before the end of the file that it wants", tracker.problem());
  }

  @Test
  void aRowWhoseFirstColumnIsNullAsksForNoFile() {
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, bytes(1), DEFINITION, EOF, bytes(0xFB));

    assertEquals(State.ANSWERING, tracker.state());
  }

  @Test
  void reportsOfProgressEndNothing() {
    tracker.command(Command.COM_QUERY, 9);

    assertEnds(tracker, PROGRESS, PROGRESS, bytes(1), DEFINITION, EOF, PROGRESS, ROW, EOF);
  }

  @Test
  void anErrorWithTheirNumberEndsTheResponse() {
    tracker.command(Command.COM_QUERY, 9);

    assertEnds(tracker, bytes(0xFF, 0xFF, 0xFF, "#45000mine"));
    assertEquals("mine", tracker.error());
  }

  @Test
  void theRestOfAPacketOf16MegabytesIsNoPacketOfItsOwn() {
    byte[] first = new byte[PacketHeader.MAX_PAYLOAD];
    first[0] = (byte) 0xFE;
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, bytes(1), DEFINITION, EOF, first);
    assertFalse(tracker.isBetweenPackets());

    assertEnds(tracker, EOF, ROW, EOF);
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, bytes(1), DEFINITION, EOF, first, new byte[0]);
    assertTrue(tracker.isBetweenPackets());
    assertEnds(tracker, EOF);
  }

  @Test
  void theResponseToACommandOf16MegabytesBeginsWithALaterId() {
    tracker.command(Command.COM_QUERY, PacketHeader.MAX_PAYLOAD);
    tracker.commandContinues();
    id = 2;

    assertEnds(tracker, OK);
  }

  @Test
  void commandsAreAnsweredInTurn() {
    tracker.command(Command.COM_QUERY, 9);
    tracker.command(Command.COM_STMT_PREPARE, 9);
    tracker.command(Command.COM_STATISTICS, 1);
    tracker.command(Command.COM_STMT_CLOSE, 5);
    tracker.command(Command.COM_PING, 1);

    receive(tracker, bytes(1), DEFINITION, EOF, EOF);
    id = 1;
    receive(tracker, prepared(0, 0));
    id = 1;
    receive(tracker, bytes("Uptime"));
    id = 1;
    assertEnds(tracker, OK);
  }

  @Test
  void aQueueIsBounded() {
    int taken = 0;
    while (tracker.acceptsCommand()) {
      tracker.command(Command.COM_PING, 1);
      taken++;
    }
    assertEquals(1024, taken);

    for (int answer = 0; answer < taken; answer++) {
      assertEquals(State.ANSWERING, tracker.state());
      id = 1;
      receive(tracker, OK);
      assertTrue(tracker.acceptsCommand());
    }
    assertEquals(State.IDLE, tracker.state());
  }

  @Test
  void theQueueKeepsItsOrderWhereItGrowsAndTurns() {
    Random random = new Random(7);
    int[] commands = {Command.COM_PING, Command.COM_STATISTICS, Command.COM_STMT_PREPARE};
    byte[][] answers = {OK, bytes("text"), prepared(0, 0)};
    ArrayDeque<Integer> waiting = new ArrayDeque<>();
    for (int round = 0; round < 20_000; round++) {
      if (waiting.isEmpty() || (random.nextInt(5) > 1 && tracker.acceptsCommand())) {
        int kind = random.nextInt(3);
        tracker.command(commands[kind], 9);
        waiting.add(kind);
      } else {
        id = 1;
        receive(tracker, answers[waiting.remove()]);
        assertEquals(waiting.isEmpty() ? State.IDLE : State.ANSWERING, tracker.state());
      }
    }
  }

  @Test
  void theStatusTellsOfATransaction() {
    assertFalse(tracker.isInTransaction());
    tracker.command(Command.COM_QUERY, 9);
    assertEnds(tracker, OK_IN_TRANSACTION);
    assertTrue(tracker.isInTransaction());

    tracker.command(Command.COM_QUERY, 9);
    assertEnds(tracker, ERR);
    assertTrue(tracker.isInTransaction(), "an error says nothing of it");
    tracker.command(Command.COM_QUERY, 9);
    assertEnds(tracker, OK);
    assertFalse(tracker.isInTransaction());
  }

  @ParameterizedTest
  @ValueSource(ints = {Command.COM_BINLOG_DUMP, Command.COM_BINLOG_DUMP_GTID, 0x20, 0xF0})
  void aResponseWithoutAnEndIsNotFollowed(int command) {
    tracker.command(command, 20);
    receive(tracker, bytes(0, "an event"));

    assertEquals(State.UNKNOWN, tracker.state());
    receive(tracker, OK, EOF);
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, OK);
    assertEquals(State.UNKNOWN, tracker.state(), "for good");
    assertTrue(tracker.isBetweenPackets());
  }

  @Test
  void aPacketThatNobodyAskedForIsNotFollowed() {
    receive(tracker, OK);

    assertEquals(State.UNKNOWN, tracker.state());
    assertEquals("it sent a packet that answers nothing", tracker.problem());
  }

  @Test
  void aPacketOutOfOrderIsNotFollowed() {
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, bytes(1), DEFINITION, EOF);
    id += 3;
    receive(tracker, ROW);

    assertEquals(State.UNKNOWN, tracker.state());
  }

  @Test
  void theRestOfAResponseIsNotTakenForTheNextOne() {
    tracker.command(Command.COM_PING, 1);
    tracker.command(Command.COM_QUERY, 9);
    receive(tracker, OK, OK);

    assertEquals(State.UNKNOWN, tracker.state());
  }

  @Test
  void whatIsNoResponseIsNotFollowed() {
    byte[][] wrong = {
      new byte[0],
      bytes(0),
      bytes(0, 0, 0, 2),
      bytes(0xFE),
      bytes(0xFC, 1),
      bytes(0xFC, 0, 0),
      bytes(1, 1, 1),
      bytes(0xFE, 1, 0, 0, 0, 0, 0, 0, 0x80, 0),
      bytes(0xFD, 1, 0, 1)
    };
    for (byte[] packet : wrong) {
      ResponseTracker other = new ResponseTracker(capabilities(0));
      other.command(Command.COM_QUERY, 9);
      id = 1;
      receive(other, packet);

      assertEquals(State.UNKNOWN, other.state(), Arrays.toString(packet));
    }
  }

  @Test
  void before41AnEofIsOneByte() {
    ResponseTracker old = new ResponseTracker(new Capabilities(0));
    old.command(Command.COM_QUERY, 9);

    assertEnds(old, bytes(1), DEFINITION, bytes(0xFE), ROW, bytes(0xFE));
    old.command(Command.COM_QUERY, 9);
    assertEnds(old, Packets.hex("00 00 00 0200"));
  }

  /** Whatever comes, there is no exception, and the packets are followed. */
  @Test
  void noiseIsFollowedByItsHeaders() {
    Random random = new Random(12);
    for (int round = 0; round < 2000; round++) {
      long flags = random.nextBoolean() ? 0 : Capabilities.CLIENT_DEPRECATE_EOF;
      ResponseTracker noisy = new ResponseTracker(capabilities(flags));
      for (int i = 0; i < 20; i++) {
        noisy.command(random.nextInt(256), 1 + random.nextInt(20));
        byte[] payload = new byte[random.nextInt(30)];
        random.nextBytes(payload);
        if (payload.length > 0 && random.nextBoolean()) {
          payload[0] = (byte) new int[] {0, 1, 0xFE, 0xFF, 0xFB}[random.nextInt(5)];
        }
        id = random.nextInt(4) == 0 ? random.nextInt(256) : noisy.nextId();
        receive(noisy, payload);
        assertTrue(noisy.isBetweenPackets());
        if (noisy.state() == State.FILE_WANTED) {
          noisy.filePacket(random.nextBoolean());
        }
      }
    }
  }

  @Test
  void theIndicesOfTheDataStay() {
    tracker.command(Command.COM_QUERY, 9);
    ByteBuf data = Unpooled.copiedBuffer(bytes("xx"), packet(OK));
    data.skipBytes(2);

    tracker.received(data);

    assertEquals(2, data.readerIndex());
    assertEquals(State.IDLE, tracker.state());
  }

  /** Sends all packets; the response ends with the last byte, however it is cut. */
  private void assertEnds(ResponseTracker by, byte[]... payloads) {
    for (byte[] payload : payloads) {
      byte[] packet = packet(payload);
      for (int i = 0; i < packet.length; i++) {
        assertEquals(State.ANSWERING, by.state(), by.problem());
        by.received(Unpooled.wrappedBuffer(packet, i, 1));
        assertEquals(i == packet.length - 1, by.isBetweenPackets() || isEndOfHead(packet, i));
      }
    }
    assertEquals(State.IDLE, by.state(), by.problem());
    id = 1;
  }

  private static boolean isEndOfHead(byte[] packet, int at) {
    return packet.length == PacketHeader.LENGTH && at == packet.length - 1;
  }

  private void receive(ResponseTracker by, byte[]... payloads) {
    ByteBuf all = Unpooled.buffer();
    for (byte[] payload : payloads) {
      all.writeBytes(packet(payload));
    }
    by.received(all);
  }

  private byte[] packet(byte[] payload) {
    return Wire.packet(id++ & 0xFF, payload);
  }

  private static byte[] prepared(int parameters, int columns) {
    return bytes(0, 1, 0, 0, 0, columns, 0, parameters, 0, 0, 0, 0);
  }

  private static byte[] bytes(Object... parts) {
    ByteBuf payload = Packets.of(parts);
    return Arrays.copyOf(payload.array(), payload.writerIndex());
  }

  private static Capabilities capabilities(long more) {
    return new Capabilities(Capabilities.CLIENT_PROTOCOL_41 | more);
  }
}
