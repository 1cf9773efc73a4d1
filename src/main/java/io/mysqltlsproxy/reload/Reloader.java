package io.mysqltlsproxy.reload;

import io.mysqltlsproxy.connection.LiveConnections;
import io.mysqltlsproxy.connection.ReadmissionCheck;
import io.mysqltlsproxy.connection.SecurityPolicy;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import java.time.Instant;
import java.util.List;
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
@SuppressWarnings("FutureReturnValueIgnored") // a task runs until its executor ends
public final class Reloader implements Supplier<SecurityPolicy>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("reload");

  /** Often enough for a change to be in force, and its clients gone, within a second. */
  private static final long LOOK_MILLIS = 100;

  /** A cause of failure that no file shows, such as the limit of open files, may go any time. */
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Reading takes a tenth of the time at most, however large the files are. */
  private static final int PAUSE_FACTOR = 10;

  private static final long UNREST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Once a minute is early enough for what happens once in a certificate's life. */
  private static final long LOOKS_FOR_A_WARNING = 60_000 / LOOK_MILLIS;

  private final OptionValues values;
  private final FileWatch files;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Reloader::newThread);
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong successes = new AtomicLong();
  private long looks;
  private volatile Instant readAt = Instant.now();
  private volatile boolean latestSucceeded = true;
  private volatile Runnable settled = () -> {};
  private boolean told;
  private boolean saidUnrest;
  private List<String> doubted = List.of();
  private String failure = "";
  private long retryAt;
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
    FileWatch files = new FileWatch(Options.reloadedFiles(values), System::nanoTime);
    return new Reloader(values, files, FirstReading.of(values, files));
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
   * @param settled is told each time when what was asked for is done, or has failed
   * @return what reads the files again as soon as they have come to rest, on any thread
   */
  public Runnable watch(LiveConnections connections, Runnable settled) {
    this.settled = settled;
    thread.scheduleWithFixedDelay(
        () -> guarded(() -> look(connections)), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return () -> {
      try {
        thread.execute(
            () -> {
              told = true;
              guarded(() -> look(connections));
            });
      } catch (RejectedExecutionException closeReason) {
        log.debug("not reloaded: the proxy is ending");
      }
    };
  }

  private void look(LiveConnections connections) {
    boolean due = false;
    if (++looks % LOOKS_FOR_A_WARNING == 0) {
      connections.warnOfExpiry();
      due = policy.isRenewalDue(Instant.now());
    }
    files.look();
    boolean retry = !failure.isEmpty() && System.nanoTime() - retryAt >= 0;
    boolean rested = !doubted.isEmpty() && failure.isEmpty() && rulesHaveRested();
    if (told || files.changed() || rested || retry || due) {
      if (files.resting()) {
        readAgain(connections);
        return;
      }
      warnOfUnrest();
    }
    if (values.get(Options.DISCONNECT_NO_LONGER_ADMITTED)) {
      new ReadmissionCheck(connections).expired(policy);
    }
  }

  private boolean rulesHaveRested() {
    return values
        .get(Options.ACCOUNTS)
        .filter(rules -> CutOffRules.haveRested(rules, files))
        .isPresent();
  }

  private void readAgain(LiveConnections connections) {
    boolean changed = files.changed();
    String occasion =
        told
            ? "on SIGHUP"
            : changed || !doubted.isEmpty()
                ? "on file change"
                : failure.isEmpty() ? "for renewal" : "on retry";
    long begun = System.nanoTime();
    files.take();
    SecurityPolicy now;
    try {
      now = policy.loadAgain(values);
    } catch (OptionException e) {
      if (files.unchangedSinceTaken()) {
        failed(String.valueOf(e.getMessage()), told || changed, begun);
      }
      return;
    }
    if (!files.unchangedSinceTaken()) {
      now.close(); // a part of it may be of files that are being written: the next look will tell
      return;
    }
    List<String> less = CutOffRules.doubted(values, policy.rules(), now.rules(), files);
    warnOfDoubt(less);
    use(
        less.isEmpty() ? now : now.with(now.rules().keeping(less, policy.rules())),
        occasion,
        connections);
  }

  /** A file that is written again and again is no news. */
  private void warnOfDoubt(List<String> less) {
    if (!less.isEmpty() && (told || !less.equals(doubted))) {
      log.warn(CutOffRules.warning(values, less));
    }
    doubted = less;
  }

  private void use(SecurityPolicy now, String occasion, LiveConnections connections) {
    SecurityPolicy before = policy;
    policy = now;
    succeeded();
    log.info("reloaded {}: {}", occasion, Changes.between(before, now));
    connections.whenSettled(before::close);
    if (values.get(Options.DISCONNECT_NO_LONGER_ADMITTED)) {
      new ReadmissionCheck(connections).all(this, task -> thread.execute(() -> guarded(task)));
    }
  }

  private void succeeded() {
    files.use();
    settle();
    saidUnrest = false;
    failure = "";
    successes.incrementAndGet();
    latestSucceeded = true;
    readAt = Instant.now();
  }

  /** A failure that another try only repeats is neither logged nor counted again. */
  private void failed(String message, boolean news, long begun) {
    long now = System.nanoTime();
    retryAt = now + Math.max(RETRY_NANOS, PAUSE_FACTOR * (now - begun));
    if (news || !message.equals(failure)) {
      count();
      log.error("reload failed, keeping the previous configuration: {}", message);
    }
    settle();
    saidUnrest = false;
    failure = message;
  }

  private void settle() {
    if (told) {
      told = false;
      settled.run();
    }
  }

  private void count() {
    failures.incrementAndGet();
    latestSucceeded = false;
  }

  private void warnOfUnrest() {
    if (saidUnrest || files.changedForNanos() < UNREST_NANOS) {
      return;
    }
    saidUnrest = true;
    log.warn(
        "not reloaded yet: {}",
        files
            .writer()
            .map(writer -> writer.described() + "; it is read once that closes it")
            .orElse("the files keep changing; they are read once they stay the same for a while"));
  }

  /** A scheduled task that throws would not be run again, and nobody would hear of it. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      retryAt = System.nanoTime() + RETRY_NANOS;
      if (!String.valueOf(e).equals(failure)) {
        count();
        log.error("an unexpected failure; the files are still watched", e);
      }
      failure = String.valueOf(e);
    }
  }

  /** Ends the watching; the material goes with its last connection. */
  @Override
  public void close() {
    thread.shutdownNow();
    policy.close();
  }
}
