package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mysqltlsproxy.option.Backend;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServerMonitorTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("server");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private final ServerMonitor monitor =
      new ServerMonitor(new Backend.Tcp("db", 3306), nanoTime::get);

  @BeforeEach
  void begin() {
    log.start();
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    logger.detachAppender(log);
    logger.setAdditive(true);
  }

  @Test
  void anOutageIsOneWarningAndItsEndAnother() {
    monitor.reached();
    assertTrue(monitor.clientFailed("Connection refused"));
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(34));
    for (int i = 0; i < 16; i++) {
      assertFalse(monitor.clientFailed("Connection refused"));
    }
    monitor.probed(Optional.of("unknown host"));
    assertTrue(monitor.isDown());
    assertEquals(Optional.of("Connection refused"), monitor.why());

    monitor.probed(Optional.empty());
    monitor.reached();

    assertFalse(monitor.isDown());
    assertEquals(
        List.of(
            "the server db:3306 cannot be used: Connection refused; clients are turned away until"
                + " it can",
            "the server db:3306 can be used again, after 34 s; 17 clients were turned away"
                + " meanwhile"),
        lines());
    assertTrue(log.list.stream().allMatch(event -> event.getLevel() == Level.WARN));
    assertEquals(1, monitor.outages());
  }

  @Test
  void theFirstClientOfAnOutageThatAProbeHasFoundHasALineToo() {
    monitor.probed(Optional.of("Connection refused"));

    assertTrue(monitor.clientFailed("Connection refused"));
    assertFalse(monitor.clientFailed("Connection refused"));
    monitor.reached();
    assertTrue(monitor.clientFailed("Connection refused"));

    assertEquals(3, lines().size());
    assertEquals(2, monitor.outages());
  }

  @Test
  void whatAServerSaysCannotForgeALine() {
    monitor.clientFailed("it refuses the proxy: x\nWARN forged");

    assertFalse(lines().get(0).contains("\n"), lines()::toString);
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
