package io.mysqltlsproxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mysqltlsproxy.codec.PacketFormatException.Problem;
import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("FutureReturnValueIgnored") // what fails is seen by the test
class PacketDecoderTest {
  private static final int LIMIT = 100;

  private final SequenceIds ids = new SequenceIds();
  private final PacketDecoder decoder = new PacketDecoder(ids, LIMIT);
  private final Reads reads = new Reads();
  private final EmbeddedChannel channel = new EmbeddedChannel(reads, decoder);
  private final List<ByteBuf> sent = new ArrayList<>();

  PacketDecoderTest() {
    channel.config().setAutoRead(false);
    channel.runPendingTasks();
    reads.count = 0;
  }

  @AfterEach
  void nothingLeaks() {
    channel.finishAndReleaseAll();
    for (ByteBuf buffer : sent) {
      assertEquals(0, buffer.refCnt());
    }
  }

  @Test
  void packetsSplitAtEveryByteComeOutWhole() {
    byte[] stream = Packets.hex("03000001 616263 00000002 0100000378");
    for (int split = 0; split <= stream.length; split++) {
      ids.restartAt(1);
      List<String> payloads = new ArrayList<>();
      receive(stream, 0, split);
      receive(stream, split, stream.length);
      for (int i = 0; i < 3; i++) {
        decoder.request();
        payloads.add(next());
      }

      assertEquals(List.of("616263", "", "78"), payloads, "split at " + split);
    }
  }

  @Test
  void aPacketMayComeByteForByte() {
    byte[] stream = Packets.hex("03000000 616263");
    decoder.request();
    for (int i = 0; i < stream.length; i++) {
      assertNull(channel.readInbound());
      receive(stream, i, i + 1);
    }

    assertEquals("616263", next());
  }

  @Test
  void onlyAsManyPacketsComeOutAsWereAskedFor() {
    receive("0100000061 0100000162 0100000263");
    assertNull(channel.readInbound());

    decoder.request();
    assertEquals("61", next());
    assertNull(channel.readInbound());

    decoder.request();
    decoder.request();
    assertEquals("62", next());
    assertEquals("63", next());
  }

  @Test
  void theChannelIsReadOnlyWhileAPacketIsWanted() {
    decoder.request();
    assertEquals(1, reads.count, "nothing is here yet");

    receive("0100");
    assertEquals(2, reads.count, "half a packet");

    receive("000061");
    assertEquals("61", next());
    assertEquals(2, reads.count, "the packet is here");

    receive("0100000162");
    decoder.request();
    assertEquals("62", next());
    assertEquals(2, reads.count, "the packet was here before");
  }

  @ParameterizedTest
  @CsvSource({
    "01000001 61, OUT_OF_ORDER, sequence id 1 instead of 0",
    "010000ff 61, OUT_OF_ORDER, sequence id 255 instead of 0",
    "65000000, TOO_LARGE, a packet of 101 bytes; at most 100",
    "ffffff00, TOO_LARGE, a packet of 16777215 bytes; at most 100",
    "160301 0200, TLS, a TLS record in place of a packet",
    "160301 0001, TLS, a TLS record in place of a packet",
    "160303 0500, TLS, a TLS record in place of a packet",
  })
  void aHeaderThatCannotStandThereIsRefused(String bytes, Problem problem, String message) {
    decoder.request();
    receive(bytes);

    PacketFormatException e = assertThrows(PacketFormatException.class, channel::checkException);
    assertEquals(problem, e.problem());
    assertEquals(message, e.getMessage());
    assertNull(channel.readInbound());
  }

  @Test
  void anOldClientsPacketOf790BytesIsNoTlsRecord() {
    decoder.request();
    receive("16030000");

    PacketFormatException e = assertThrows(PacketFormatException.class, channel::checkException);
    assertEquals(Problem.TOO_LARGE, e.problem());
  }

  @Test
  void theLongestPacketIsTaken() {
    decoder.request();
    receive("64000000" + "61".repeat(LIMIT));

    assertEquals("61".repeat(LIMIT), next());
  }

  @Test
  void aWrongHeaderIsNoConcernUntilThePacketIsAskedFor() {
    receive("01000005 61");
    channel.checkException();

    decoder.request();

    assertThrows(PacketFormatException.class, channel::checkException);
  }

  @Test
  void aZeroLengthPacketIsAPacket() {
    decoder.request();
    receive("00000000");

    assertEquals("", next());
    assertEquals(1, ids.peek());
  }

  @Test
  void whatNobodyAskedForGoesToTheNextHandlerWhenTheDecoderIsRemoved() {
    decoder.request();
    receive("0100000061 0500000262");
    assertEquals("61", next());

    channel.pipeline().remove(decoder);

    assertEquals("0500000262", next());
    assertNull(channel.readInbound());
  }

  @Test
  void aDecoderWithoutRemainderPassesNothingOn() {
    decoder.request();
    receive("0100000061");
    assertEquals("61", next());

    channel.pipeline().remove(decoder);

    assertNull(channel.readInbound());
  }

  @Test
  void aPayloadOutlivesTheDecoder() {
    decoder.request();
    receive("0100000061 0100");
    ByteBuf payload = payload();

    channel.pipeline().remove(decoder);
    payload().release();

    assertEquals("61", Packets.dump(payload));
    payload.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theRemainderIsReleasedWhenTheChannelCloses(boolean wanted) {
    if (wanted) {
      decoder.request();
    }
    receive("03000000 6162");

    channel.close();

    assertFalse(channel.isActive());
    assertNull(channel.readInbound());
  }

  @Test
  void bytesThatWereReceivedBeforeComeFirst() {
    ByteBuf before = buffer(Packets.hex("010000"), 0, 3);
    PacketDecoder later = new PacketDecoder(ids, LIMIT, before);
    channel.pipeline().replace(decoder, null, later);

    later.request();
    receive("0061");

    assertEquals("61", next());
  }

  @Test
  void sequenceIdsWrapRoundAfter255() {
    ids.restartAt(255);

    assertEquals(255, ids.take());
    assertEquals(0, ids.peek());
    assertEquals(0, ids.take());
    assertEquals(1, ids.take());
  }

  @Test
  void aPayloadIsFramedBehindItsHeader() {
    ByteBuf payload = buffer(Packets.hex("616263"), 0, 3);
    ByteBuf empty = buffer(new byte[0], 0, 0);

    ByteBuf packet = PacketHeader.frame(payload, 255, channel.alloc());
    ByteBuf header = PacketHeader.frame(empty, 0, channel.alloc());

    assertEquals("030000ff616263", Packets.dump(packet));
    assertEquals("00000000", Packets.dump(header));
    packet.release();
    header.release();
  }

  @Test
  void aPayloadForSeveralPacketsIsNotFramed() {
    ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer().writeZero(PacketHeader.MAX_PAYLOAD);
    sent.add(payload);

    assertThrows(
        IllegalArgumentException.class, () -> PacketHeader.frame(payload, 0, channel.alloc()));
  }

  private void receive(String digits) {
    byte[] bytes = Packets.hex(digits);
    receive(bytes, 0, bytes.length);
  }

  private void receive(byte[] bytes, int from, int to) {
    channel.pipeline().fireChannelRead(buffer(bytes, from, to)).fireChannelReadComplete();
  }

  private ByteBuf buffer(byte[] bytes, int from, int to) {
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer();
    buffer.writeBytes(bytes, from, to - from);
    sent.add(buffer);
    return buffer;
  }

  private ByteBuf payload() {
    @Nullable ByteBuf payload = channel.readInbound();
    assertNotNull(payload);
    return payload;
  }

  private String next() {
    ByteBuf payload = payload();
    String digits = Packets.dump(payload);
    payload.release();
    return digits;
  }

  /** Counts how often the channel is read. */
  private static final class Reads extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
      count++;
    }
  }
}
