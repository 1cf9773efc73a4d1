package io.mysqltlsproxy.tls.trust;

import java.util.Arrays;

/** The outermost layer of DER. */
final class Der {
  private Der() {}

  /**
   * The first element of a sequence, with its header and to the byte: of a certificate what is
   * signed. An encoder would put in order what an issuer had left in disorder.
   *
   * @param sequence that was parsed before, so that its lengths are right
   */
  static byte[] firstElement(byte[] sequence) {
    int start = contentAt(sequence, 0);
    int content = contentAt(sequence, start);
    return Arrays.copyOfRange(sequence, start, content + length(sequence, start));
  }

  private static int contentAt(byte[] der, int element) {
    int first = der[element + 1] & 0xff;
    return element + 2 + (first < 0x80 ? 0 : first - 0x80);
  }

  private static int length(byte[] der, int element) {
    int first = der[element + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < first - 0x80; i++) {
      length = (length << 8) | (der[element + 2 + i] & 0xff);
    }
    return length;
  }
}
