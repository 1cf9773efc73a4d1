package io.mysqltlsproxy.testing;

import java.security.SecureRandom;
import java.util.Base64;

/** Lines of {@code tls-ticket-key-file}. */
public final class TicketKeyLines {
  private static final SecureRandom RANDOM = new SecureRandom();

  private TicketKeyLines() {}

  /** What {@code openssl rand -base64 48} prints, without the end of the line. */
  public static String one() {
    return one(48);
  }

  /** A line of another length, in bytes. */
  public static String one(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
