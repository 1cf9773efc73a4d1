package io.mysqltlsproxy.pkcs11;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** Texts of PKCS#11 are in UTF-8; the JDK's binding takes and gives each byte as a character. */
final class Utf8 {
  private Utf8() {}

  /** Works on copies that are wiped, since it may be a PIN. */
  static char[] bytes(char[] text) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
    char[] bytes = new char[encoded.remaining()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (char) (encoded.get(i) & 0xFF);
    }
    encoded.clear();
    while (encoded.hasRemaining()) {
      encoded.put((byte) 0);
    }
    return bytes;
  }

  static String text(char[] bytes) {
    return new String(
        new String(bytes).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
