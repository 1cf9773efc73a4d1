package io.mysqltlsproxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

/** The log's lines, for people and for machines, whatever stands in their values. */
class LogFormsTest {
  private static final LoggerContext CONTEXT = new LoggerContext();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "laura",
        "la\"ura",
        "x\" outcome=\"accepted",
        "a\\",
        "line\nbreak\r\n{\"outcome\":\"accepted\"}",
        "nul\0in it",
        "Zoë 漢字 😀",
        "\u2028\u202e",
        ""
      })
  void jsonGivesEveryValueBackUnderItsOwnKeyOnOneLine(String user) throws IOException {
    String line = json(event("login", new KeyValuePair("outcome", "denied"), user(user)));

    assertEquals(line.length() - 1, line.indexOf('\n'));
    Map<String, String> members = parsed(line);
    assertEquals(
        List.of("time", "level", "logger", "message", "outcome", "user"),
        List.copyOf(members.keySet()));
    assertEquals("1970-01-01T00:00:00Z", members.get("time"));
    assertEquals("INFO", members.get("level"));
    assertEquals("audit", members.get("logger"));
    assertEquals("login", members.get("message"));
    assertEquals("denied", members.get("outcome"));
    assertEquals(user, members.get("user"));
  }

  @Test
  void jsonKeepsNumbersAndTruthsAndAnException() throws IOException {
    LoggingEvent event =
        event("failed", new KeyValuePair("connection_id", 17L), new KeyValuePair("resumed", true));
    event.setThrowableProxy(
        new ch.qos.logback.classic.spi.ThrowableProxy(new IOException("two\nlines")));

    String line = json(event);

    assertEquals(line.length() - 1, line.indexOf('\n'));
    Map<String, String> members = parsed(line);
    assertEquals("17", members.get("connection_id"));
    assertEquals("true", members.get("resumed"));
    assertEquals(
        "java.io.IOException: two\nlines",
        members
            .getOrDefault("exception", "")
            .substring(0, "java.io.IOException: two\nlines".length()));
  }

  @Test
  void textQuotesWhatCouldPassForAnotherKey() {
    String forged = "x\" outcome=\"accepted";

    assertEquals(
        " outcome=denied user=\"x\\\" outcome=\\\"accepted\"",
        new LogKeys().convert(event("login", new KeyValuePair("outcome", "denied"), user(forged))));
    assertEquals(" user=\"a\\\\\"", new LogKeys().convert(event("login", user("a\\"))));
    assertEquals(" user=\"\"", new LogKeys().convert(event("login", user(""))));
    assertEquals(
        " user=\"x outcome=accepted\"",
        new LogKeys().convert(event("login", user("x outcome=accepted"))));
  }

  @Test
  void noMessageIsMoreThanOneLineOfText() {
    assertEquals(
        "closed: ?2026 INFO  audit: login outcome=accepted?",
        new LogMessage()
            .convert(event("closed: \n2026 INFO  audit: login outcome=accepted\u202e")));
  }

  @Test
  void aMessageOrValueThatIsNullIsWrittenAsTheWord() throws IOException {
    LoggingEvent event = event(null, new KeyValuePair("user", null));

    assertEquals("null", new LogMessage().convert(event));
    assertEquals(" user=null", new LogKeys().convert(event));
    Map<String, String> members = parsed(json(event));
    assertEquals("null", members.get("message"));
    assertEquals("null", members.get("user"));
  }

  private static KeyValuePair user(String name) {
    return new KeyValuePair("user", name);
  }

  private static LoggingEvent event(@Nullable String message, KeyValuePair... keys) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerContext(CONTEXT);
    event.setLoggerName("audit");
    event.setLevel(Level.INFO);
    event.setInstant(java.time.Instant.EPOCH);
    event.setMessage(message);
    event.setMDCPropertyMap(Map.of());
    event.setKeyValuePairs(List.of(keys));
    return event;
  }

  private static String json(LoggingEvent event) {
    return new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
  }

  private static Map<String, String> parsed(String line) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      assertEquals(JsonToken.START_OBJECT, parser.nextToken());
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        assertEquals(null, members.put(key, parser.getText()), key);
      }
    }
    return members;
  }
}
