package io.mysqltlsproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** Recognizes clients of other protocols by the first four bytes that they send. */
public final class ForeignClient {
  private static final Set<String> HTTP =
      Set.of("GET ", "HEAD", "POST", "PUT ", "DELE", "OPTI", "CONN", "PATC", "TRAC", "PRI ");
  private static final Set<String> SMTP = Set.of("EHLO", "HELO");
  private static final Set<String> REDIS =
      Set.of("PING", "AUTH", "INFO", "*1\r\n", "*2\r\n", "*3\r\n");

  /** The length of PostgreSQL's SSLRequest and GSSENCRequest, in their first four bytes. */
  private static final int POSTGRESQL = 8;

  private ForeignClient() {}

  /**
   * What the client does instead, as a clause.
   *
   * @param first its first four bytes, the first of them the highest
   * @return {@code speaks HTTP}; empty where they may be the header of a MySQL packet
   */
  public static Optional<String> of(int first) {
    String text = new String(ByteBuffer.allocate(Integer.BYTES).putInt(first).array(), ISO_8859_1);
    if (HTTP.contains(text)) {
      return Optional.of("speaks HTTP");
    }
    if (SMTP.contains(text)) {
      return Optional.of("speaks SMTP");
    }
    if (REDIS.contains(text)) {
      return Optional.of("speaks Redis' protocol");
    }
    if (text.equals("SSH-")) {
      return Optional.of("speaks SSH");
    }
    if (first == POSTGRESQL) {
      return Optional.of("speaks PostgreSQL's protocol");
    }
    return text.chars().allMatch(c -> c >= ' ' && c <= '~')
        ? Optional.of("sent text")
        : Optional.empty();
  }
}
