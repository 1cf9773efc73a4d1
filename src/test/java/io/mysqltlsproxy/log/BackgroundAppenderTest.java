package io.mysqltlsproxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import io.mysqltlsproxy.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log whose reader comes and goes. */
@Timeout(60)
class BackgroundAppenderTest {
  private static final LoggerContext CONTEXT = new LoggerContext();
  private static final String UNFORMATTABLE = "unformattable";

  private final CountDownLatch reading = new CountDownLatch(1);
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();
  private final BackgroundAppender log = new BackgroundAppender(new LateReader());

  @BeforeEach
  void start() {
    Lines lines = new Lines();
    lines.start();
    log.setContext(CONTEXT);
    log.setEncoder(lines);
    log.start();
  }

  @AfterEach
  void end() {
    reading.countDown();
    log.stop();
  }

  @Test
  void aThousandTimesMoreLinesThanFitAreDroppedWithoutWaitingAndCounted() throws Exception {
    int lines = 100_000;
    for (int i = 0; i < lines; i++) {
      log.doAppend(event("connection", Level.INFO, "line " + i));
    }

    assertTrue(log.dropped(false) > lines / 2);
    assertEquals(0, log.dropped(true));
    reading.countDown();
    Await.assertBecomes(log.dropped(false), this::reported);
    long written = lines().stream().filter(line -> line.startsWith("line ")).count();
    assertEquals(lines, written + log.dropped(false));
  }

  @Test
  void auditLinesAreTheLastToBeDroppedAndWarningsTheLastBeforeThem() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      log.doAppend(event("connection", Level.DEBUG, "debug"));
    }
    for (int i = 0; i < 500; i++) {
      log.doAppend(event("connection", Level.ERROR, "error"));
    }
    for (int i = 0; i < 1000; i++) {
      log.doAppend(event("audit", Level.INFO, "audit"));
    }
    reading.countDown();
    log.stop();

    assertEquals(500, lines().stream().filter("error"::equals).count());
    assertEquals(1000, lines().stream().filter("audit"::equals).count());
    assertEquals(0, log.dropped(true));
  }

  @Test
  void droppedAuditLinesAreCountedApart() {
    for (int i = 0; i < 10_000; i++) {
      log.doAppend(event("audit", Level.INFO, "audit"));
    }

    assertTrue(log.dropped(true) > 0);
    assertEquals(0, log.dropped(false));
  }

  @Test
  void atItsEndAllThatWasLoggedIsWrittenInOrder() {
    reading.countDown();
    List<String> expected = IntStream.range(0, 1500).mapToObj(i -> "line " + i).toList();

    expected.forEach(line -> log.doAppend(event("connection", Level.INFO, line)));
    log.stop();

    assertEquals(expected, lines());
  }

  @Test
  void anEventThatCannotBeFormattedCountsAsDroppedAndTheLogGoesOn() {
    reading.countDown();
    log.doAppend(event("audit", Level.INFO, UNFORMATTABLE));
    log.doAppend(event("connection", Level.INFO, "next"));
    log.stop();

    assertEquals(
        List.of(
            "a line of audit was dropped: cannot format it: java.lang.IllegalStateException: no",
            "next"),
        lines());
    assertEquals(1, log.dropped(true));
    assertEquals(0, log.dropped(false));
  }

  @Test
  void anEncoderThatFailsOnEveryEventDoesNotEndTheLog() throws Exception {
    reading.countDown();
    log.setEncoder(
        new Lines() {
          @Override
          public byte[] encode(ILoggingEvent event) {
            throw new IllegalStateException("no");
          }
        });
    log.doAppend(event("connection", Level.INFO, "lost"));
    Await.assertBecomes(1L, () -> log.dropped(false));
    log.setEncoder(new Lines());
    log.doAppend(event("connection", Level.INFO, "next"));
    log.stop();

    assertEquals(List.of("next"), lines());
  }

  /** How many dropped lines the log itself speaks of. */
  private long reported() {
    return lines().stream()
        .filter(line -> line.contains(" log lines were dropped"))
        .mapToLong(line -> Long.parseLong(line.split(" ", -1)[0]))
        .sum();
  }

  private List<String> lines() {
    synchronized (read) {
      return read.toString(StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static LoggingEvent event(String logger, Level level, String message) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerContext(CONTEXT);
    event.setLoggerName(logger);
    event.setLevel(level);
    event.setInstant(Instant.EPOCH);
    event.setMessage(message);
    event.setMDCPropertyMap(Map.of());
    return event;
  }

  /** What reads standard error, and does not yet. */
  private final class LateReader extends OutputStream {
    @Override
    public void write(int value) {
      throw new IllegalStateException("byte by byte");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        reading.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (read) {
        read.write(bytes, offset, length);
      }
    }
  }

  private static class Lines extends EncoderBase<ILoggingEvent> {
    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      if (event.getFormattedMessage().equals(UNFORMATTABLE)) {
        throw new IllegalStateException("no");
      }
      return (event.getFormattedMessage() + "\n").getBytes(StandardCharsets.UTF_8);
    }
  }
}
