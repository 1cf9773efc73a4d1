package io.mysqltlsproxy.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.mysqltlsproxy.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * The log as one JSON object a line: {@code time} in UTC, {@code level}, {@code logger}, {@code
 * message}, the event's own keys beside them, and {@code exception} where there is one. Logback's
 * own encoder would put the keys into an array of objects, and the time into milliseconds.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    Map<String, Object> members =
        members(
            event.getInstant(),
            event.getLevel(),
            shortName(event.getLoggerName()),
            event.getFormattedMessage());
    members.putAll(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        members.put(pair.key, pair.value);
      }
    }
    if (event.getThrowableProxy() != null) {
      members.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return (Json.line(members) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A line without keys of its own, without its end. */
  static String line(Instant time, Object level, String logger, String message) {
    return Json.line(members(time, level, logger, message));
  }

  private static Map<String, Object> members(
      Instant time, Object level, String logger, String message) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("time", time);
    members.put("level", level);
    members.put("logger", logger);
    members.put("message", message);
    return members;
  }

  /** Without the package, as the text has it. */
  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
