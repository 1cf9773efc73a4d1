package io.mysqltlsproxy.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mysqltlsproxy.testing.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of {@code overhead} in a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverheadPageIT {
  private static final int TAB = 9;
  private static final int DOWN = 40;

  /** Texts that leave the page or the picture that they are in, are too small, or meet. */
  private static final String UNREADABLE =
      """
      (() => {
        const found = [];
        if (document.documentElement.scrollWidth > innerWidth) {
          found.push('the page is ' + document.documentElement.scrollWidth + ' wide');
        }
        const parts = 'p, h1, h2, h3, li, label, select, input, output, dt, dd, figcaption, .words, .name';
        for (const part of document.querySelectorAll(parts)) {
          const at = part.getBoundingClientRect();
          if (at.left < 0 || at.right > innerWidth) found.push('cut off: ' + part.textContent);
        }
        for (const picture of document.querySelectorAll('svg')) {
          const frame = picture.closest('.chart').getBoundingClientRect();
          const texts = [...picture.querySelectorAll('text')]
            .map(text => [text.textContent, text.getBoundingClientRect()])
            .filter(([words, at]) => words && at.width > 0);
          texts.forEach(([words, at], i) => {
            if (at.left < frame.left || at.right > frame.right || at.top < frame.top
                || at.bottom > frame.bottom) found.push('cut off: ' + words);
            if (at.height < 10) found.push('too small: ' + words);
            for (const [others, other] of texts.slice(i + 1)) {
              if (at.left < other.right && other.left < at.right
                  && at.top + 2 < other.bottom && other.top + 2 < at.bottom) {
                found.push(words + ' on ' + others);
              }
            }
          });
        }
        return found;
      })()
      """;

  /** Texts with less contrast than WCAG 2 wants of small ones, 4.5 to 1. */
  private static final String FAINT =
      """
      (() => {
        const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(value => value / 255)
          .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
          .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = element => {
          for (let each = element; each; each = each.parentElement) {
            const colour = getComputedStyle(each).backgroundColor;
            if (!/, 0\\)$/.test(colour)) return colour;
          }
          return 'rgb(255, 255, 255)';
        };
        const found = [];
        for (const element of document.querySelectorAll('body *')) {
          const words = [...element.childNodes].filter(each => each.nodeType === 3)
            .map(each => each.data.trim()).join('');
          if (!words || element.closest('script, noscript, option')) continue;
          const style = getComputedStyle(element);
          const ink = light(element.ownerSVGElement ? style.fill : style.color);
          const paper = light(ground(element));
          const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
          if (contrast < 4.5) found.push(contrast.toFixed(2) + ' to 1: ' + words);
        }
        return found;
      })()
      """;

  private Browser browser;
  private Path whole;
  private Path scaling;
  private Path noisy;

  @BeforeAll
  void write(@TempDir Path directory) throws Exception {
    Browser.unavailable().ifPresent(Assumptions::abort);
    whole = Files.writeString(directory.resolve("whole.html"), Printed.page(SampleReports.whole()));
    scaling =
        Files.writeString(directory.resolve("scaling.html"), Printed.page(SampleReports.scaling()));
    noisy = Files.writeString(directory.resolve("noisy.html"), Printed.page(SampleReports.noisy()));
    browser = Browser.start();
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void showOnAScreen() throws Exception {
    browser.size(1200, 900);
    browser.media("screen", "light");
  }

  @ParameterizedTest
  @ValueSource(ints = {1200, 768, 390, 320})
  void everyTextCanBeReadWholeOnAScreenOfThatWidth(int width) throws Exception {
    for (Path page : List.of(whole, scaling)) {
      browser.size(width, 900);
      browser.open(page);

      assertEquals("[]", browser.evaluate(UNREADABLE).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1200, 390})
  void everyLineOfAChartIsNamedOnAScreenOfThatWidth(int width) throws Exception {
    browser.size(width, 900);
    browser.open(scaling);

    List<String> visible = new ArrayList<>();
    browser
        .evaluate(
            "[...document.querySelector('.chart').querySelectorAll('text.key, .parts li')]"
                + ".filter(each => each.getBoundingClientRect().width > 0)"
                + ".map(each => each.textContent)")
        .forEach(name -> visible.add(name.asText()));
    assertEquals(SampleReports.QUERY.keySet(), Set.copyOf(visible));
    assertEquals(SampleReports.QUERY.size(), visible.size(), visible::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextStandsOutFromItsGround(String scheme) throws Exception {
    for (Path page : List.of(whole, scaling)) {
      browser.media("screen", scheme);
      browser.open(page);

      assertEquals(
          scheme.equals("dark"),
          browser
              .evaluate("getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)'")
              .asBoolean());
      assertEquals("[]", browser.evaluate(FAINT).toString());
    }
  }

  @Test
  void theAnswerAndBothPicturesAreOnTheFirstScreen() throws Exception {
    browser.open(whole);

    assertTrue(
        browser
            .evaluate(
                "[...document.querySelectorAll('.answer, figure')]"
                    + ".every(each => each.getBoundingClientRect().bottom < innerHeight)")
            .asBoolean());
  }

  @Test
  void theCalculatorAnswersWithTheMeasuredTimes() throws Exception {
    browser.open(whole);
    Map<String, String> ways = new LinkedHashMap<>();
    ways.put("a full handshake, RSA key", Ways.PROXY_TLS);
    ways.put("a full handshake, P-256 key", Ways.PROXY_TLS + ", P-256 key");
    ways.put("a resumed session", Ways.PROXY_TLS + ", resumed");
    ways.put("a client certificate, RSA keys", Ways.PROXY_TLS + ", mutual");
    ways.put("a client certificate, P-256 keys", Ways.PROXY_TLS + ", mutual, P-256 keys");
    List<String> offered = new ArrayList<>();
    browser
        .evaluate("[...document.querySelectorAll('option')].map(each => each.textContent)")
        .forEach(each -> offered.add(each.asText()));
    assertEquals(List.copyOf(ways.keySet()), offered);

    for (String kind : offered) {
      for (int queries : new int[] {1, 100, 10_000}) {
        assertEquals(
            expected(ways.getOrDefault(kind, ""), queries, 0),
            answer(offered.indexOf(kind), String.valueOf(queries), "50"));
      }
    }
  }

  @Test
  void aLongerQueryPaysTheSameTimeAndASmallerShare() throws Exception {
    browser.open(whole);

    assertEquals(expected(Ways.PROXY_TLS, 100, 950), answer(0, "100", "1000"));
    assertEquals(
        "A connection with 100 queries takes 106.0 ms instead of 100.2 ms. Encryption adds 26 µs"
            + " per query (2.6 %), the hop 33 µs per query (3.3 %).",
        answer(0, "100", "1000"));
  }

  @Test
  void theCalculatorSaysWhatTheNoiseMayHide() throws Exception {
    browser.open(noisy);

    assertEquals(
        "A connection with 100 queries takes 10.4 ms to 11.5 ms instead of 5.2 ms. Encryption adds"
            + " at most 31 µs per query (60 %), the hop 33 µs per query (63 %).",
        answer(0, "100", "50"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-5", "many"})
  void aNumberOfQueriesThatIsNoneCountsAsOne(String number) throws Exception {
    browser.open(whole);

    assertEquals(answer(0, "1", "50"), answer(0, number, "50"));
  }

  /** From the rows of the tables: the login with its query, and the queries after it. */
  private static String expected(String way, int queries, double longer) {
    double more = queries - 1;
    double direct = connection(Ways.DIRECT) + more * query(Ways.DIRECT) + queries * longer;
    double plain = connection(Ways.PROXY_PLAIN) + more * query(Ways.PROXY_PLAIN) + queries * longer;
    double tls = connection(way) + more * query(Ways.PROXY_TLS) + queries * longer;
    return String.format(
        Locale.ROOT,
        "A connection with %,d %s takes %s instead of %s. Encryption adds %s per query (%s), the"
            + " hop %s per query (%s).",
        queries,
        queries == 1 ? "query" : "queries",
        time(tls),
        time(direct),
        time((tls - plain) / queries),
        percent((tls - plain) / direct),
        time((plain - direct) / queries),
        percent((plain - direct) / direct));
  }

  private static double connection(String way) {
    return SampleReports.CONNECTION.getOrDefault(way, Double.NaN);
  }

  private static double query(String way) {
    return SampleReports.QUERY.getOrDefault(way, Double.NaN);
  }

  private static String time(double micros) {
    if (micros >= 1e6) {
      return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
    return micros >= 1e3
        ? String.format(Locale.ROOT, "%.1f ms", micros / 1e3)
        : String.format(Locale.ROOT, micros < 10 ? "%.1f µs" : "%.0f µs", micros);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
  }

  private String answer(int kind, String queries, String micros) throws Exception {
    return browser
        .evaluate(
            """
            (() => {
              const [kind, queries, micros] = document.querySelectorAll('.whatif select, .whatif input');
              kind.value = '%d';
              queries.value = '%s';
              micros.value = '%s';
              micros.dispatchEvent(new Event('input', { bubbles: true }));
              return document.querySelector('output').textContent;
            })()
            """
                .formatted(kind, queries, micros))
        .asText()
        .replace('\u00a0', ' ');
  }

  @Test
  void theCalculatorIsUsedByKeyboard() throws Exception {
    browser.open(whole);
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      browser.press("Tab", TAB);
      reached.add(browser.evaluate("document.activeElement.tagName").asText());
      if (i == 0) {
        String before = browser.evaluate("document.querySelector('output').textContent").asText();
        browser.press("ArrowDown", DOWN);
        assertNotEquals(
            before, browser.evaluate("document.querySelector('output').textContent").asText());
      }
    }

    assertEquals(List.of("SELECT", "INPUT", "INPUT"), reached);
  }

  @Test
  void aScreenReaderNamesEveryControlAndReadsTheFiguresOfEveryPicture() throws Exception {
    for (Path page : List.of(whole, scaling)) {
      browser.open(page);
      int named = 0;
      for (JsonNode node : browser.call("Accessibility.getFullAXTree", Map.of()).path("nodes")) {
        String role = node.path("role").path("value").asText();
        String name = node.path("name").path("value").asText();
        if (List.of("combobox", "spinbutton", "image", "img", "region").contains(role)) {
          assertFalse(name.isBlank(), node::toString);
          named++;
        }
        if (role.startsWith("im") && page.equals(whole)) {
          assertTrue(name.matches("server .*\\d.*, hop .*\\d.*, encryption .*\\d.*"), name);
        }
      }
      assertTrue(named > 3, "there are some");
    }
    browser.open(whole);
    assertTrue(
        browser
            .evaluate("document.querySelector('.bars li').innerText")
            .asText()
            .matches("(?s)direct, no TLS\\s+600 µs"),
        "names and figures of bars are text");
  }

  @Test
  void onPaperEveryFigureIsThereInDarkInkOnWhite() throws Exception {
    browser.media("print", "dark");
    browser.open(whole);

    assertEquals(
        "rgb(255, 255, 255)",
        browser.evaluate("getComputedStyle(document.body).backgroundColor").asText());
    assertTrue(
        browser
            .evaluate(
                "[...document.querySelectorAll('table')].every(each => each.checkVisibility())")
            .asBoolean());
    assertEquals("[]", browser.evaluate(FAINT).toString());
  }

  @Test
  void thePageLoadsNothing() throws Exception {
    for (Path page : List.of(whole, scaling)) {
      browser.open(page);

      assertEquals(List.of(page.toUri().toString()), browser.requests());
    }
  }
}
