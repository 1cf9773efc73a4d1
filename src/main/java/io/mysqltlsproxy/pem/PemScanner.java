package io.mysqltlsproxy.pem;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.util.encoders.Base64;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Cuts a text into its PEM blocks (<a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>,
 * and the headers of RFC 1421 that encrypted keys have). Text between blocks is passed over, as
 * everywhere; but what looks like a block, and would not be read as one, is an error with its line,
 * so that no certificate is lost in silence.
 */
final class PemScanner {
  private static final Pattern BEGIN =
      Pattern.compile("-----BEGIN ([A-Z0-9.]+( [A-Z0-9.]+){0,8})-----");

  /** Dashes, or what an editor made of them, with one of the words. */
  private static final Pattern LOOKS_LIKE_BOUNDARY =
      Pattern.compile("(?i)[-\\x80-\\xff]\\s*(BEGIN|END)\\b|\\b(BEGIN|END) [A-Z0-9. ]{1,64}-----");

  private static final Pattern HEADER = Pattern.compile("([A-Za-z][A-Za-z0-9-]*):\\s*(.*)");

  /** The last line, where the file may end before the rest of a block is written. */
  private static final Pattern CUT_OFF = Pattern.compile("-{1,5}(B|BE|BEG|BEGI|BEGIN|BEGIN .*)?");

  private static final String COPY_AGAIN = "copy it again, from BEGIN to END";

  private final String[] lines;
  private final List<PemBlock> blocks = new ArrayList<>();

  private PemScanner(String text) {
    lines = text.split("\r\n|\n|\r", -1);
  }

  /**
   * Reads a whole text.
   *
   * @param text a character for each byte
   * @throws UnusableFileException for the first line that is damaged
   */
  static List<PemBlock> scan(String text) throws UnusableFileException {
    return new PemScanner(text).scan();
  }

  private List<PemBlock> scan() throws UnusableFileException {
    int at = 0;
    while (at < lines.length) {
      String line = lines[at].stripTrailing();
      Matcher begin = BEGIN.matcher(line);
      if (begin.matches()) {
        at = block(at, begin.group(1));
      } else {
        checkText(at, line);
        at++;
      }
    }
    return blocks;
  }

  private void checkText(int at, String line) throws UnusableFileException {
    boolean last = at == lines.length - 1;
    if (last && CUT_OFF.matcher(line).matches()) {
      throw wrong(at, "damaged PEM, or cut off", COPY_AGAIN);
    }
    checkStart(at, line);
    if (LOOKS_LIKE_BOUNDARY.matcher(line).find()) {
      throw wrong(
          at, "damaged PEM: neither -----BEGIN ...----- nor text between two blocks", COPY_AGAIN);
    }
  }

  private static void checkStart(int at, String line) throws UnusableFileException {
    if (line.contains("-----BEGIN ") && !line.startsWith("-----BEGIN ")) {
      throw wrong(
          at, "BEGIN is not at the start of the line", "put a line break before -----BEGIN");
    }
  }

  /** Reads the block that begins at this line, and says which line comes after it. */
  private int block(int begin, String type) throws UnusableFileException {
    List<PemHeader> headers = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    String end = "-----END " + type + "-----";
    for (int at = begin + 1; at < lines.length; at++) {
      String line = lines[at].strip();
      if (lines[at].stripTrailing().equals(end)) {
        blocks.add(new PemBlock(begin + 1, new PemObject(type, headers, decode(begin, body))));
        return at + 1;
      }
      checkStart(at, line);
      Matcher header = HEADER.matcher(line);
      if (line.contains("-----") || line.contains("BEGIN ")) {
        throw wrong(at, "damaged PEM: " + end + " was expected before it", COPY_AGAIN);
      }
      if (body.isEmpty() && header.matches()) {
        headers.add(new PemHeader(header.group(1), header.group(2)));
      } else {
        checkBase64(at, line);
        body.append(line);
      }
    }
    throw wrong(begin, "damaged PEM, or cut off: there is no " + end, COPY_AGAIN);
  }

  private void checkBase64(int at, String line) throws UnusableFileException {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean base64 =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '/' && c <= '9') || c == '+';
      if (!base64 && c != '=') {
        throw wrong(at, "damaged PEM: not base64", COPY_AGAIN);
      }
    }
  }

  private byte[] decode(int begin, StringBuilder body) throws UnusableFileException {
    while (body.length() % 4 > 1) {
      body.append('=');
    }
    try {
      return Base64.decode(body.toString());
    } catch (DecoderException e) {
      throw wrong(begin, "damaged PEM: the block that begins here is not base64", COPY_AGAIN);
    }
  }

  private static UnusableFileException wrong(int at, String reason, String hint) {
    return new UnusableFileException("line " + (at + 1) + ": " + reason, hint);
  }
}
