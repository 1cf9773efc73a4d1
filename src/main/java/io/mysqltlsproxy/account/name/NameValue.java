package io.mysqltlsproxy.account.name;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mysqltlsproxy.text.InvalidNotationException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** The value of a name's part while it is read: characters and escaped bytes of UTF-8. */
public final class NameValue {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean isEncodable = true;

  void character(int codePoint) {
    if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
      isEncodable = false;
    }
    bytes.writeBytes(Character.toString(codePoint).getBytes(UTF_8));
  }

  /** Two digits behind a backslash; false where they are none. */
  boolean hex(String text, int at) {
    if (at + 2 > text.length()
        || Character.digit(text.charAt(at), 16) < 0
        || Character.digit(text.charAt(at + 1), 16) < 0
        || text.charAt(at) > 'f'
        || text.charAt(at + 1) > 'f') {
      return false;
    }
    bytes.write(Integer.parseInt(text.substring(at, at + 2), 16));
    return true;
  }

  boolean isEmpty() {
    return bytes.size() == 0;
  }

  String decoded() throws InvalidNotationException {
    try {
      String value = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
      if (isEncodable && value.indexOf('\0') < 0) {
        return value;
      }
    } catch (CharacterCodingException e) {
      // Said below: a value is Unicode or it is refused.
    }
    throw new InvalidNotationException(
        "the value of a part is not UTF-8, or holds a NUL",
        "write its characters themselves, or their bytes in UTF-8");
  }
}
