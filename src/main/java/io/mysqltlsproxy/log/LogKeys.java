package io.mysqltlsproxy.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * {@code %keys}: an event's keys in the log's text, as {@code key=value}. A value that is not plain
 * stands in quotes, with those inside escaped, so that no value can pass for another key.
 */
public final class LogKeys extends ClassicConverter {
  /** What stands without quotes. */
  private static final String PLAIN =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.:/@+%[]-";

  @Override
  public String convert(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (KeyValuePair pair : pairs) {
      text.append(' ').append(pair.key).append('=').append(shown(String.valueOf(pair.value)));
    }
    return text.toString();
  }

  private static String shown(String value) {
    return isPlain(value) ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (PLAIN.indexOf(value.charAt(i)) < 0) {
        return false;
      }
    }
    return !value.isEmpty();
  }
}
