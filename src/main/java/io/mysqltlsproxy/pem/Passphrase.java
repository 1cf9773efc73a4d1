package io.mysqltlsproxy.pem;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The first line of a passphrase file; closing it wipes the memory. */
public final class Passphrase implements AutoCloseable {
  private final char[] chars;

  private Passphrase(char[] chars) {
    this.chars = chars;
  }

  /** No passphrase. */
  public static Passphrase none() {
    return new Passphrase(new char[0]);
  }

  /** Reads the first line, in UTF-8, without its end. */
  public static Passphrase read(Path file) throws UnusableFileException {
    return read(
        file,
        "write the passphrase there; if it is empty, take it off: openssl pkey -in KEY -out"
            + " NEW.pem");
  }

  /**
   * The same of another secret.
   *
   * @param hint what to do where there is none
   */
  public static Passphrase read(Path file, String hint) throws UnusableFileException {
    byte[] bytes = PemFile.bytes(file);
    CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    char[] line = firstLine(decoded);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(decoded.array(), '\0');
    if (line.length == 0) {
      throw new UnusableFileException("the first line is empty", hint);
    }
    return new Passphrase(line);
  }

  private static char[] firstLine(CharBuffer text) {
    int length = 0;
    while (length < text.length() && text.charAt(length) != '\n' && text.charAt(length) != '\r') {
      length++;
    }
    char[] line = new char[length];
    text.get(line);
    return line;
  }

  /** The characters themselves, valid until {@link #close}. */
  public char[] chars() {
    return chars;
  }

  @Override
  public void close() {
    Arrays.fill(chars, '\0');
  }
}
