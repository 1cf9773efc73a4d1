package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseScannerTest {
  private static final byte[] OK = {0, 0, 0, 2, 0, 0, 0};
  private static final byte[] EOF = {(byte) 0xFE, 0, 0, 2, 0};
  private static final byte[] DEFINITION = {3, 'd', 'e', 'f', 0};

  private final ResponseScanner scanner = new ResponseScanner();

  @Test
  void anOkEndsTheAnswer() {
    assertTrue(scanner.endsWith(packets(OK)));
    assertEquals("", scanner.error());
  }

  @Test
  void aResultSetEndsWithItsSecondEofInWhateverPiecesItComes() {
    byte[] row = new byte[300];
    row[0] = (byte) 0xFC;
    ByteBuf whole = packets(new byte[] {1}, DEFINITION, EOF, row, new byte[] {(byte) 0xFB}, EOF);

    while (whole.readableBytes() > 1) {
      assertFalse(scanner.endsWith(whole.readSlice(1)));
    }
    assertTrue(scanner.endsWith(whole));
  }

  @Test
  void aRowThatBeginsLikeAnEofIsNoEnd() {
    byte[] row = new byte[40];
    row[0] = (byte) 0xFE;

    assertFalse(scanner.endsWith(packets(new byte[] {1}, DEFINITION, EOF, row)));
    assertTrue(scanner.endsWith(packets(EOF)));
  }

  @Test
  void theRestOfARowOf16MegabytesIsNoPacketOfItsOwn() {
    byte[] first = new byte[0xFFFFFF];
    first[0] = (byte) 0xFD;

    assertFalse(scanner.endsWith(packets(new byte[] {1}, DEFINITION, EOF, first, EOF)));
    assertTrue(scanner.endsWith(packets(EOF)));
  }

  @Test
  void anErrorEndsTheAnswerAndIsKept() {
    String text = "x\u0010\u0004#42000You have an error";
    byte[] error = text.getBytes(StandardCharsets.ISO_8859_1);
    error[0] = (byte) 0xFF;

    assertTrue(scanner.endsWith(packets(error)));
    assertEquals("You have an error", scanner.error());
    assertTrue(scanner.endsWith(packets(OK)));
    assertEquals("", scanner.error());
  }

  @Test
  void anErrorInTheMidstOfRowsEndsTheAnswer() {
    byte[] error =
        "x\u0010\u0004#70100Query execution was interrupted".getBytes(StandardCharsets.ISO_8859_1);
    error[0] = (byte) 0xFF;

    assertTrue(scanner.endsWith(packets(new byte[] {1}, DEFINITION, EOF, error)));
    assertEquals("Query execution was interrupted", scanner.error());
  }

  private static ByteBuf packets(byte[]... payloads) {
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < payloads.length; i++) {
      all.writeMediumLE(payloads[i].length).writeByte(i).writeBytes(payloads[i]);
    }
    return all;
  }
}
