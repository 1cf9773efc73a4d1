package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.connection.LiveConnections;
import io.mysqltlsproxy.connection.ReadmissionCheck;
import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The material in force, read again when it is told to or when its files change. Where they cannot
 * be used, nothing changes, and the log says why. The options themselves are not read again.
 */
public final class Reloader implements Supplier<SecurityPolicy>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("reload");

  /** Often enough for a change to be in force, and its clients gone, within a second. */
  private static final long LOOK_MILLIS = 200;

  private static final List<Option<Optional<Path>>> FILES =
      List.of(
          Options.SSL_CERT,
          Options.SSL_KEY,
          Options.SSL_KEY_PASSPHRASE_FILE,
          Options.SSL_CA,
          Options.SSL_CAPATH,
          Options.SSL_CRL,
          Options.SSL_CRLPATH,
          Options.TLS_TICKET_KEY_FILE,
          Options.ACCOUNTS);

  private final OptionValues values;
  private final FileWatch files;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Reloader::newThread);
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong successes = new AtomicLong();
  private volatile Instant readAt = Instant.now();
  private volatile boolean latestSucceeded = true;
  private volatile SecurityPolicy policy;

  private Reloader(OptionValues values, FileWatch files, SecurityPolicy policy) {
    this.values = values;
    this.files = files;
    this.policy = policy;
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "reload");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Reads the files for the first time.
   *
   * @throws OptionException for the first option or file that cannot be used
   */
  public static Reloader load(OptionValues values) throws OptionException {
    FileWatch files =
        new FileWatch(FILES.stream().flatMap(file -> values.get(file).stream()).toList());
    return new Reloader(values, files, SecurityPolicy.load(values));
  }

  /** The material in force. */
  @Override
  public SecurityPolicy get() {
    return policy;
  }

  /** How often the files were read again and are in force since. */
  public long successes() {
    return successes.get();
  }

  /** How often the files were read again and could not be used. */
  public long failures() {
    return failures.get();
  }

  /** Whether the files, when they were last read, could be used. */
  public boolean latestSucceeded() {
    return latestSucceeded;
  }

  /** When the material in force was read. */
  public Instant readAt() {
    return readAt;
  }

  /**
   * From now on watches the files, and when certificates of connected clients expire.
   *
   * @return what reads the files again at once, on any thread
   */
  public Runnable watch(LiveConnections connections) {
    thread.scheduleWithFixedDelay(
        () -> guarded(() -> look(connections)), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return () -> {
      try {
        thread.execute(
            () ->
                guarded(
                    () -> {
                      files.take();
                      readAgain("on SIGHUP", connections);
                    }));
      } catch (RejectedExecutionException closeReason) {
        log.debug("not reloaded: the proxy is ending");
      }
    };
  }

  private void look(LiveConnections connections) {
    if (files.changed()) {
      readAgain("on file change", connections);
    } else if (values.get(Options.DISCONNECT_NO_LONGER_ADMITTED)) {
      new ReadmissionCheck(connections).expired(policy);
    }
  }

  private void readAgain(String occasion, LiveConnections connections) {
    SecurityPolicy before = policy;
    SecurityPolicy now;
    try {
      now = SecurityPolicy.load(values);
    } catch (OptionException e) {
      failed();
      log.error("reload failed, keeping the previous configuration: {}", e.getMessage());
      return;
    }
    policy = now;
    successes.incrementAndGet();
    latestSucceeded = true;
    readAt = Instant.now();
    log.info("reloaded {}: {}", occasion, Changes.between(before, now));
    connections.settle();
    before.close();
    if (values.get(Options.DISCONNECT_NO_LONGER_ADMITTED)) {
      new ReadmissionCheck(connections).all(now);
    }
  }

  private void failed() {
    failures.incrementAndGet();
    latestSucceeded = false;
  }

  /** A scheduled task that throws would not be run again, and nobody would hear of it. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      failed();
      log.error("an unexpected failure; the files are still watched", e);
    }
  }

  /** Ends the watching; the material goes with its last connection. */
  @Override
  public void close() {
    thread.shutdownNow();
    policy.close();
  }
}
