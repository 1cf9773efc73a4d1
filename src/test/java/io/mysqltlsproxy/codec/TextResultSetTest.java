package io.mysqltlsproxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.protocol.ColumnDefinition41;
import io.mysqltlsproxy.protocol.MalformedPacketException;
import io.mysqltlsproxy.protocol.TextRow;
import io.mysqltlsproxy.testing.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextResultSetTest {
  private static final byte[] EOF = Packets.hex("fe 0000 0200");
  private static final byte[] OK = Packets.hex("fe 00 00 0200 0000");
  private static final byte[] ROW = TextRow.of("Ssl_cipher", "");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rowsAreExchangedAndAllElseStays(boolean deprecateEof) throws Exception {
    ByteBuf data = answer(deprecateEof, ROW, ROW);
    int length = data.readableBytes();
    data.writeBytes(new byte[] {1, 0, 0, 0, 1});

    TextResultSet read = TextResultSet.read(data, deprecateEof).orElseThrow();

    assertEquals(length, read.length());
    assertEquals(
        List.of(new ColumnDefinition41("Variable_name", 33), new ColumnDefinition41("Value", 33)),
        read.columns());
    assertEquals(2, read.rows().size());
    byte[] other = TextRow.of("Ssl_cipher", "x".repeat(300));
    ByteBuf rebuilt = read.withRows(List.of(other), UnpooledByteBufAllocator.DEFAULT);
    assertEquals(Packets.dump(answer(deprecateEof, other)), Packets.dump(rebuilt));
    rebuilt.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theEndIsAwaited(boolean deprecateEof) throws Exception {
    ByteBuf whole = answer(deprecateEof, ROW);
    for (int length = 0; length < whole.readableBytes(); length++) {
      ByteBuf part = Packets.cut(whole, length);
      assertTrue(TextResultSet.read(part, deprecateEof).isEmpty(), length + " bytes");
    }
    assertTrue(TextResultSet.read(whole, deprecateEof).isPresent());
  }

  @Test
  void definitionsMayBeLeftOut() throws Exception {
    ByteBuf data = Unpooled.buffer();
    packet(data, new byte[] {2, 0}, 1);
    packet(data, ROW, 2);
    packet(data, OK, 3);

    TextResultSet read = TextResultSet.read(data, true).orElseThrow();

    assertEquals(List.of(), read.columns());
    assertEquals(2, read.width());
    assertEquals(1, read.rows().size());
  }

  @Test
  void otherAnswersAreNone() {
    assertOther("07000001 00 00 00 0200 0000");
    assertOther("09000001 ff 2804 2334323030 30");
    assertOther("02000001 fb 61");
    assertOther("02000001 02 02");
    assertOther("01000001 64");
    assertOther("ffffff01 02");
    assertOther("00000001");
  }

  @Test
  void moreResultsBehindItAreNone() {
    ByteBuf data = answer(false);
    data.setByte(data.writerIndex() - 2, 10);

    assertThrows(MalformedPacketException.class, () -> TextResultSet.read(data, false));
  }

  @Test
  void anErrorAmongTheRowsIsNone() {
    ByteBuf data = answer(false, ROW);
    ByteBuf cut = Packets.cut(data, data.readableBytes() - 9);
    cut.writeBytes(Packets.hex("03000007 ff 2804"));

    assertThrows(MalformedPacketException.class, () -> TextResultSet.read(cut, false));
  }

  private static void assertOther(String bytes) {
    ByteBuf data = Packets.of(Packets.hex(bytes));
    assertThrows(MalformedPacketException.class, () -> TextResultSet.read(data, false), bytes);
  }

  private static ByteBuf answer(boolean deprecateEof, byte[]... rows) {
    ByteBuf data = Unpooled.buffer();
    int id = 1;
    packet(data, new byte[] {2}, id++);
    packet(data, definition("Variable_name"), id++);
    packet(data, definition("Value"), id++);
    if (!deprecateEof) {
      packet(data, EOF, id++);
    }
    for (byte[] row : rows) {
      packet(data, row, id++);
    }
    packet(data, deprecateEof ? OK : EOF, id);
    return data;
  }

  private static byte[] definition(String name) {
    ByteBuf definition =
        Packets.of(3, "def", 0, 6, "STATUS", 6, "STATUS", name.length(), name, 0, 12);
    definition.writeBytes(Packets.hex("2100 00010000 fd 0100 00 0000"));
    byte[] bytes = new byte[definition.readableBytes()];
    definition.readBytes(bytes);
    return bytes;
  }

  private static void packet(ByteBuf out, byte[] payload, int id) {
    out.writeMediumLE(payload.length).writeByte(id).writeBytes(payload);
  }
}
