package io.mysqltlsproxy.tls.ticket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnTicketKeysTest {
  private final List<OpenSslSessionTicketKey[]> given = new ArrayList<>();
  private long now = Long.MAX_VALUE - 5; // nanoTime may overflow

  private final OwnTicketKeys tickets =
      new OwnTicketKeys(given::add, Duration.ofMinutes(5), () -> now);

  @Test
  void aKeyStaysForHalfTheTimeout() {
    pass(149);
    assertEquals(1, given.size());
    pass(1);
    assertEquals(2, given.size());
  }

  @Test
  void theKeyBeforeStillDecryptsAndTheOneBeforeThatDoesNot() {
    pass(150);
    assertSame(given.get(0)[0], given.get(1)[1]);
    pass(150);
    assertEquals(2, given.get(2).length);
    assertSame(given.get(1)[0], given.get(2)[1]);
  }

  @Test
  void aKeyOlderThanTheTimeoutIsForgottenAtOnce() {
    pass(300);
    assertEquals(1, given.get(1).length);
    assertFalse(Arrays.equals(given.get(0)[0].name(), given.get(1)[0].name()));
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
    tickets.rotateIfDue();
  }

  private static void assertSame(OpenSslSessionTicketKey a, OpenSslSessionTicketKey b) {
    assertArrayEquals(a.name(), b.name());
  }
}
