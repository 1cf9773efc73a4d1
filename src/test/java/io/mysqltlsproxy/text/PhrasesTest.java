package io.mysqltlsproxy.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhrasesTest {
  @Test
  void oneIsSingularAndAllOtherNumbersArePlural() {
    assertEquals("0 accounts", Phrases.count(0, "account"));
    assertEquals("1 account", Phrases.count(1, "account"));
    assertEquals("2 accounts", Phrases.count(2, "account"));
  }

  @ParameterizedTest
  @CsvSource({
    "P30D, 30 days",
    "P2D, 2 days",
    "PT47H59M, 47 hours",
    "PT2H, 2 hours",
    "PT119M, 119 minutes",
    "PT61S, 1 minute",
    "PT59S, 0 minutes"
  })
  void aTimeHasAUnitOfWhichThereAreSeveral(Duration length, String text) {
    assertEquals(text, Phrases.time(length));
  }

  @Test
  void aLongListIsCutAndSaysHowMuchIsMissing() {
    List<String> items = List.of("a", "b", "c");

    assertEquals("a, b, c", Phrases.few(items, 3));
    assertEquals("a, b and 1 more", Phrases.few(items, 2));
    assertEquals("", Phrases.few(List.of(), 2));
  }
}
