package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.connection.UngreetedConnections.Waiting;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UngreetedConnectionsTest {
  private long now = Long.MAX_VALUE - 1000; // the clock may run over
  private final UngreetedConnections ungreeted =
      new UngreetedConnections(Duration.ofSeconds(8), () -> now);

  @Test
  void whileOneWaitsInVainNoMoreAreOpened() {
    Waiting first = ungreeted.open();
    after(7);
    assertEquals(Optional.empty(), ungreeted.obstacle());
    Waiting second = ungreeted.open();

    after(1);

    assertEquals(
        Optional.of("it accepts connections but has greeted nobody for 8 s"), ungreeted.obstacle());
    second.greeted();
    assertEquals(Optional.empty(), ungreeted.obstacle());
    first.closed();
    assertEquals(0, ungreeted.size());
  }

  @Test
  void oneThatIsLostIsNoSignAslongAsOthersAreGreeted() {
    ungreeted.open();
    for (int i = 0; i < 100; i++) {
      after(1);
      Waiting other = ungreeted.open();
      other.greeted();
      assertEquals(Optional.empty(), ungreeted.obstacle());
    }
  }

  @Test
  void nowAndThenOneMoreTries() {
    ungreeted.open();
    after(9);
    assertTrue(ungreeted.obstacle().isPresent());
    after(1);
    assertFalse(ungreeted.obstacle().isPresent());

    ungreeted.open();

    assertTrue(ungreeted.obstacle().isPresent());
  }

  @Test
  void theirNumberIsBoundedFromTheFirstMoment() {
    for (int i = 0; i < 512; i++) {
      assertEquals(Optional.empty(), ungreeted.obstacle());
      ungreeted.open();
    }

    assertEquals(
        Optional.of("512 connections wait for its greeting already"), ungreeted.obstacle());
  }

  @Test
  void aServerThatGreetsIsKnownToForAWhile() {
    assertFalse(ungreeted.heardWithin(Duration.ofSeconds(5)));
    ungreeted.open().greeted();
    after(4);
    assertTrue(ungreeted.heardWithin(Duration.ofSeconds(5)));
    after(1);
    assertFalse(ungreeted.heardWithin(Duration.ofSeconds(5)));
  }

  private void after(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }
}
