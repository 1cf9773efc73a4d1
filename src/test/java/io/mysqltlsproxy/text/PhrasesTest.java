package io.mysqltlsproxy.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PhrasesTest {
  @Test
  void oneIsSingularAndAllOtherNumbersArePlural() {
    assertEquals("0 accounts", Phrases.count(0, "account"));
    assertEquals("1 account", Phrases.count(1, "account"));
    assertEquals("2 accounts", Phrases.count(2, "account"));
  }

  @Test
  void aLongListIsCutAndSaysHowMuchIsMissing() {
    List<String> items = List.of("a", "b", "c");

    assertEquals("a, b, c", Phrases.few(items, 3));
    assertEquals("a, b and 1 more", Phrases.few(items, 2));
    assertEquals("", Phrases.few(List.of(), 2));
  }
}
