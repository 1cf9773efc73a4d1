package io.mysqltlsproxy.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.mysqltlsproxy.text.Printable;

/**
 * {@code %msg} on one line, whatever peers and files have put into it: the last guard, so that no
 * message can forge a line.
 */
public final class LogMessage extends MessageConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return Printable.oneLine(String.valueOf(super.convert(event)));
  }
}
