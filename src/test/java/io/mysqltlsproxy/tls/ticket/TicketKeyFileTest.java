package io.mysqltlsproxy.tls.ticket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.TicketKeyLines;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.mysqltlsproxy.tls.TestTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicketKeyFileTest {
  private static final String MAKE = "each line is a key as openssl rand -base64 48 prints it";

  private final Path file;
  private final TestTls tls;

  TicketKeyFileTest(@TempDir Path dir) {
    file = dir.resolve("ticket.keys");
    tls = new TestTls(dir).with("tls-ticket-key-file", file.toString());
  }

  @Test
  void theLastButOneEncryptsOrTheOnlyOne() throws Exception {
    String a = TicketKeyLines.one();
    String b = TicketKeyLines.one();
    String c = TicketKeyLines.one();

    assertEquals(keys(a).get(0), encrypting(a));
    assertEquals(keys(a).get(0), encrypting(a, b));
    assertEquals(keys(b).get(0), encrypting(a, b, c));
    assertEquals(3, keys(a, b, c).size());
  }

  @Test
  void emptyLinesAndLineEndsOfWindowsDoNotMatter() throws Exception {
    String a = TicketKeyLines.one();
    String b = TicketKeyLines.one();
    List<TicketKey> tidy = keys(a, b);

    Files.writeString(file, "\r\n" + a + "\r\n\r\n " + b);

    assertEquals(tidy, TicketKeyFile.read(file).keys());
  }

  @ParameterizedTest
  @CsvSource({
    "0, line 2 is not base64",
    "16, 'line 2 holds 16 bytes, and a key has 48'",
    "47, 'line 2 holds 47 bytes, and a key has 48'",
    "49, 'line 2 holds 49 bytes, and a key has 48'",
    "80, 'line 2 holds 80 bytes, and a key has 48'"
  })
  void aLineThatIsNoKeyIsNamedAndWhatItHoldsIsNot(int bytes, String reason) throws Exception {
    String bad = bytes == 0 ? "s3cret!" : TicketKeyLines.one(bytes);
    Files.writeString(file, TicketKeyLines.one() + "\n" + bad + "\n");

    assertEquals(
        "--tls-ticket-key-file=" + file + ": " + reason + "; " + MAKE, refused(tls.values()));
  }

  /** nginx's and Apache's form. */
  @Test
  void rawBytesAreNotTakenForAKey() throws Exception {
    byte[] raw = new byte[48];
    raw[0] = (byte) 0x80;
    Files.write(file, raw);

    assertEquals(
        "--tls-ticket-key-file=" + file + ": line 1 is not base64; " + MAKE, refused(tls.values()));
  }

  @Test
  void anEmptyFileHoldsNoKey() throws Exception {
    Files.writeString(file, "\n");
    assertEquals(
        "--tls-ticket-key-file=" + file + ": holds no key; " + MAKE, refused(tls.values()));
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    assertEquals(
        "--tls-ticket-key-file=" + file + ": no such file; check the path", refused(tls.values()));
  }

  @Test
  void theSameKeyTwiceIsAMistake() throws Exception {
    String a = TicketKeyLines.one();
    Files.writeString(file, a + "\n\n" + TicketKeyLines.one() + "\n" + a + "\n");
    assertEquals(
        "--tls-ticket-key-file="
            + file
            + ": lines 1 and 4 hold the same key; delete one of them; openssl rand -base64 48 makes"
            + " another",
        refused(tls.values()));
  }

  @Test
  void aFileThatNobodyTidiesUpIsRefusedInTheEnd() throws Exception {
    Files.write(file, IntStream.range(0, 17).mapToObj(i -> TicketKeyLines.one()).toList());
    assertEquals(
        "--tls-ticket-key-file="
            + file
            + ": holds 17 keys, and 16 are the most; delete the oldest, which come first",
        refused(tls.values()));
  }

  @ParameterizedTest
  @CsvSource({"ssl-session-cache-mode,OFF", "ssl-session-cache-timeout,0"})
  void keysForSessionsThatAreNotResumedAreAMistake(String option, String value) throws Exception {
    Files.writeString(file, TicketKeyLines.one());
    assertEquals(
        "--tls-ticket-key-file="
            + file
            + ": of no use where ssl-session-cache-mode is OFF or ssl-session-cache-timeout is 0:"
            + " no session is resumed; leave one of the two out",
        refused(tls.with(option, value).values()));
  }

  @Test
  void theJdksEngineSaysThatItTakesNone() throws Exception {
    Files.writeString(file, TicketKeyLines.one());
    String message =
        String.valueOf(
            assertThrows(OptionException.class, () -> tls.load(EngineChoice.JDK)).getMessage());
    assertTrue(
        message.startsWith(
            "--tls-ticket-key-file=" + file + ": the JDK's TLS takes no ticket keys; run where"),
        message);
  }

  @Test
  void whatIsLoggedOfAKeyTellsKeysApartAndHoldsNothingOfThem() throws Exception {
    String a = TicketKeyLines.one();
    String b = TicketKeyLines.one();
    Files.writeString(file, a + "\n" + b + "\n");
    try (ServerTls server = tls.load(EngineChoice.BORING_SSL)) {
      List<String> lines =
          server.description().stream().filter(line -> line.startsWith("ticket")).toList();

      assertEquals(3, lines.size());
      assertTrue(lines.get(0).matches("ticket key [0-9a-f]{8}"), lines.get(0));
      assertTrue(lines.get(1).matches("ticket key [0-9a-f]{8}"), lines.get(1));
      assertNotEquals(lines.get(0), lines.get(1));
      assertEquals(lines.get(0).replace("ticket key", "tickets encrypted by"), lines.get(2));
    }
  }

  private static String refused(OptionValues values) {
    return String.valueOf(
        assertThrows(OptionException.class, () -> TicketKeyFile.load(values)).getMessage());
  }

  private TicketKey encrypting(String... lines) throws Exception {
    return TicketKeyFile.read(Files.write(file, List.of(lines))).encrypting();
  }

  private List<TicketKey> keys(String... lines) throws Exception {
    return TicketKeyFile.read(Files.write(file, List.of(lines))).keys();
  }
}
