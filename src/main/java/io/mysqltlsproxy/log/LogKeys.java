package io.mysqltlsproxy.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.event.KeyValuePair;

/**
 * {@code %keys}: an event's keys in the log's text, as {@code key=value}. A value that is not plain
 * stands in quotes, with those inside escaped, so that no value can pass for another key.
 */
public final class LogKeys extends ClassicConverter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/@+%\\[\\]-]+");

  @Override
  public String convert(ILoggingEvent event) {
    return event.getKeyValuePairs() == null
        ? ""
        : event.getKeyValuePairs().stream()
            .map(LogKeys::shown)
            .collect(Collectors.joining(" ", " ", ""));
  }

  private static String shown(KeyValuePair pair) {
    String value = String.valueOf(pair.value);
    return PLAIN.matcher(value).matches()
        ? pair.key + "=" + value
        : pair.key + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
