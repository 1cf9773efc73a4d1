package io.mysqltlsproxy.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log to standard error on a thread of its own. Callers never wait: event loops log, and
 * the reader of standard error may stop reading. A queue holds what is not written yet. As it
 * fills, ordinary lines are dropped first, then warnings and errors, and audit lines only when it
 * is full. What was dropped is counted, and said in the log once it moves again. An event that
 * cannot be formatted counts as dropped too; a warning takes its place.
 *
 * <p>After each write the thread rests for {@value #REST_MILLIS} ms, and then writes at once what
 * was logged meanwhile: to be woken for each of a thousand lines costs more than the lines do.
 *
 * <p>At the end of the JVM the queue is written out, which takes {@value #FLUSH_MILLIS} ms at most.
 */
public final class BackgroundAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /** Logger of the lines that are dropped last. */
  public static final String AUDIT = "audit";

  /** Logger of this class's own lines. */
  private static final String OWN = "log";

  private static final int CAPACITY = 4096;
  private static final int BATCH = 256;
  private static final int FLUSH_MILLIS = 5000;
  private static final int TICK_MILLIS = 200;
  private static final int REST_MILLIS = 5;
  private static final byte[] NOTHING = {};

  private final OutputStream out;
  private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final LongAdder droppedAudit = new LongAdder();
  private final LongAdder droppedOther = new LongAdder();
  private final Thread writer = new Thread(this::write, "log");
  private final Thread hook = new Thread(this::stop, "log-end");
  private volatile @Nullable Encoder<ILoggingEvent> encoder;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder written = new LongAdder();
  private volatile boolean ending;
  private long reported;

  /** One that writes to standard error. */
  public BackgroundAppender() {
    this(new FileOutputStream(FileDescriptor.err));
  }

  BackgroundAppender(OutputStream out) {
    this.out = out;
  }

  /** Makes lines of events: the one of logback's configuration, until an option names another. */
  public void setEncoder(Encoder<ILoggingEvent> lines) {
    encoder = lines;
  }

  @Override
  public void start() {
    super.start();
    Runtime.getRuntime().addShutdownHook(hook);
    writer.setDaemon(true);
    writer.start();
  }

  /** Writes what is queued, and no more; waits for it, but not for a reader that never reads. */
  @Override
  public void stop() {
    super.stop();
    ending = true;
    if (!writer.isAlive()) {
      return;
    }
    try {
      writer.join(FLUSH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until what was logged before is written, but not for a reader that never reads. */
  void flush() {
    long logged = accepted.sum();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
    try {
      while (written.sum() < logged && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * How many lines were dropped.
   *
   * @param audit of the audit, or of all other loggers
   */
  public long dropped(boolean audit) {
    return (audit ? droppedAudit : droppedOther).sum();
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    boolean audit = isAudit(event);
    if (queue.remainingCapacity() > reserve(event, audit) && queue.offer(event)) {
      accepted.increment();
    } else {
      countDropped(event);
    }
  }

  private static boolean isAudit(ILoggingEvent event) {
    return event.getLoggerName().equals(AUDIT);
  }

  private void countDropped(ILoggingEvent event) {
    (isAudit(event) ? droppedAudit : droppedOther).increment();
  }

  /** How many places must stay free for what is worth more. */
  private static int reserve(ILoggingEvent event, boolean audit) {
    if (audit) {
      return 0;
    }
    return event.getLevel().isGreaterOrEqual(Level.WARN) ? CAPACITY / 4 : CAPACITY / 2;
  }

  private void write() {
    List<ILoggingEvent> batch = new ArrayList<>(BATCH);
    while (!(ending && queue.isEmpty())) {
      try {
        rest();
        ILoggingEvent first = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
        }
      } catch (InterruptedException e) {
        return;
      }
      int taken = batch.size();
      if (queue.isEmpty()) {
        reportDropped(batch);
      }
      write(batch);
      batch.clear();
      written.add(taken);
    }
  }

  private void rest() throws InterruptedException {
    if (!ending) {
      TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
    }
  }

  private void reportDropped(List<ILoggingEvent> batch) {
    long audit = droppedAudit.sum();
    long all = audit + droppedOther.sum();
    if (all == reported) {
      return;
    }
    batch.add(
        warning(
            (all - reported)
                + " log lines were dropped because standard error is read too slowly; "
                + audit
                + " audit lines were dropped since the start"));
    reported = all;
  }

  private LoggingEvent warning(String message) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName(OWN);
    event.setLevel(Level.WARN);
    event.setInstant(Instant.now());
    event.setThreadName(writer.getName());
    event.setMDCPropertyMap(Map.of());
    event.setMessage(message);
    return event;
  }

  private void write(List<ILoggingEvent> batch) {
    Encoder<ILoggingEvent> lines = encoder;
    if (batch.isEmpty() || lines == null) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ILoggingEvent event : batch) {
      bytes.writeBytes(line(lines, event));
    }
    try {
      bytes.writeTo(out);
    } catch (IOException e) {
      // Nobody is left to read it; and an audit line that nobody reads is a dropped one.
      batch.forEach(this::countDropped);
      reported = droppedAudit.sum() + droppedOther.sum();
    }
  }

  /** An event's line; no event may end this thread, and with it the log. */
  private byte[] line(Encoder<ILoggingEvent> lines, ILoggingEvent event) {
    try {
      return lines.encode(event);
    } catch (RuntimeException e) {
      if (event.getLoggerName().equals(OWN)) {
        return NOTHING; // An encoder that fails on a plain text fails on every event.
      }
      countDropped(event);
      reported++;
      String logger = event.getLoggerName();
      return line(lines, warning("a line of " + logger + " was dropped: cannot format it: " + e));
    }
  }
}
