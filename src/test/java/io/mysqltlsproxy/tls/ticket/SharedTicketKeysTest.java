package io.mysqltlsproxy.tls.ticket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SharedTicketKeysTest {
  private static final TicketKey A = key("a");
  private static final TicketKey B = key("b");
  private static final TicketKey C = key("c");
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration HALF = TIMEOUT.dividedBy(2);

  private Instant now = Instant.parse("2026-11-21T12:00:00Z");

  /** A proxy, by the keys that its engine has. */
  private final class Engine {
    private final SharedTicketKeys keys;
    private List<OpenSslSessionTicketKey> given = List.of();
    private int times;

    Engine(TicketKey... file) {
      this(TIMEOUT, file);
    }

    Engine(Duration timeout, TicketKey... file) {
      keys = new SharedTicketKeys(this::take, new TicketKeyFile(List.of(file)), timeout, () -> now);
    }

    private void take(OpenSslSessionTicketKey[] some) {
      given = List.of(some);
      times++;
    }

    /** The name of the key with which a ticket made now is encrypted. */
    String ticket() {
      keys.rotateIfDue();
      return name(given.get(0));
    }

    boolean takes(String ticket) {
      keys.rotateIfDue();
      return given.stream().anyMatch(key -> name(key).equals(ticket));
    }
  }

  @Test
  void proxiesWithTheSameFileHaveTheSameKeysAlsoAfterARestart() {
    Engine first = new Engine(A, B);
    String ticket = first.ticket();
    now = now.plusSeconds(60);
    Engine second = new Engine(A, B);

    assertTrue(second.takes(ticket));
    assertTrue(first.takes(second.ticket()));
    assertEquals(secrets(first), secrets(second));
  }

  @Test
  void aTicketIsGoodForHalfTheTimeoutAtLeastAndForTheTimeoutAtMost() {
    Engine engine = new Engine(A);
    now = Instant.ofEpochMilli(now.toEpochMilli() / HALF.toMillis() * HALF.toMillis());
    String early = engine.ticket();
    now = now.plus(HALF).minusMillis(1);
    String late = engine.ticket();
    assertEquals(early, late);
    assertEquals(1, engine.times);

    now = now.plus(HALF);
    assertTrue(engine.takes(late));
    now = now.plusMillis(1);
    assertFalse(engine.takes(late));
    assertEquals(3, engine.times);
  }

  @Test
  void aTicketOfTheNextPeriodIsTakenOnceTheClockIsThere() {
    Engine ahead = new Engine(A);
    now = now.plus(HALF);
    String ticket = ahead.ticket();
    now = now.minus(HALF);
    Engine behind = new Engine(A);

    assertFalse(behind.takes(ticket));
    now = now.plus(HALF);
    assertTrue(behind.takes(ticket));
  }

  @Test
  void aClockThatIsPutBackGivesTheKeysOfThatTimeAgain() {
    Engine engine = new Engine(A);
    String ticket = engine.ticket();
    now = now.plus(Duration.ofHours(1));
    assertFalse(engine.takes(ticket));
    now = now.minus(Duration.ofHours(1));
    assertEquals(ticket, engine.ticket());
  }

  @Test
  void whileSomeProxiesHaveRotatedAndOthersHaveNotEachTakesTheTicketsOfTheOther() {
    List<List<TicketKey>> rotation =
        List.of(
            List.of(A), List.of(A, B), List.of(A, B, C), List.of(B, C), List.of(B, C, key("d")));
    for (int step = 1; step < rotation.size(); step++) {
      Engine late = new Engine(rotation.get(step - 1).toArray(TicketKey[]::new));
      Engine early = new Engine(rotation.get(step).toArray(TicketKey[]::new));
      assertTrue(late.takes(early.ticket()), "step " + step);
      assertTrue(early.takes(late.ticket()), "step " + step);
    }
  }

  @Test
  void aTicketOfAKeyThatIsGoneIsNotTaken() {
    String ticket = new Engine(A, B).ticket();
    assertTrue(new Engine(A, B, C).takes(ticket));
    assertFalse(new Engine(B, C).takes(ticket));
  }

  @Test
  void anotherTimeoutHasOtherKeys() {
    assertFalse(new Engine(TIMEOUT.plusSeconds(2), A).takes(new Engine(A).ticket()));
  }

  @Test
  void eachKeyIsGivenOnceAndNoTwoHaveAnythingInCommon() {
    Engine engine = new Engine(A, B, C);
    assertEquals(6, engine.given.size());
    Set<String> parts = new HashSet<>();
    for (OpenSslSessionTicketKey key : engine.given) {
      assertTrue(parts.add(name(key)));
      assertTrue(parts.add(HexFormat.of().formatHex(key.hmacKey())));
      assertTrue(parts.add(HexFormat.of().formatHex(key.aesKey())));
    }
  }

  /**
   * Two versions of the program may serve side by side. Python's hmac gave the expected bytes, from
   * RFC 5869 and the info {@code "mysql-tls-proxy session tickets"}, 150000 and 7 as eight bytes.
   */
  @Test
  void theKeysAreHkdfOfTheFilesKeyThePeriodsLengthAndItsNumber() {
    OpenSslSessionTicketKey key = A.derive(150_000, 7);

    assertEquals("07aa8ec89d11bd445e0cdd4a9e2a75d1", name(key));
    assertEquals("0c25114ad277f9c399b26b2341f3bb88", HexFormat.of().formatHex(key.hmacKey()));
    assertEquals("e1440ca52080dc53b0e836079f151652", HexFormat.of().formatHex(key.aesKey()));
  }

  private static TicketKey key(String name) {
    return new TicketKey(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 48));
  }

  private static String name(OpenSslSessionTicketKey key) {
    return HexFormat.of().formatHex(key.name());
  }

  private static Set<String> secrets(Engine engine) {
    return engine.given.stream()
        .map(
            key -> HexFormat.of().formatHex(key.aesKey()) + HexFormat.of().formatHex(key.hmacKey()))
        .collect(Collectors.toSet());
  }
}
