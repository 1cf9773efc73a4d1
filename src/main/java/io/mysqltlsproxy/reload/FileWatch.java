package io.mysqltlsproxy.reload;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells when files have changed and come to rest. Nothing announces that a writer has finished, so
 * files are left alone while they change, however long that takes, and for a while after: a short
 * one, or a longer one where there is less of them than there was, since a file that is rewritten
 * in its place is short at first. Where another process is seen to have a file open for writing,
 * they are left alone until it closes it.
 */
final class FileWatch {
  static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  static final long REST_OF_SHRUNKEN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final List<Path> watched;
  private final Set<Path> writtenInPlace = new HashSet<>();
  private final Map<Path, Long> changedAt = new HashMap<>();
  private final LongSupplier nanoTime;
  private FileStamps inForce;
  private FileStamps taken;
  private FileStamps latest;
  private long latestSince;
  private long sameAsTakenAt;

  /**
   * Files and directories, which may be missing, as they are now.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  FileWatch(List<Path> watched, LongSupplier nanoTime) {
    this.watched = List.copyOf(watched);
    this.nanoTime = nanoTime;
    inForce = FileStamps.of(watched);
    taken = inForce;
    latest = inForce;
    latestSince = nanoTime.getAsLong();
    sameAsTakenAt = latestSince;
  }

  /** Looks at the files; to be called often. */
  void look() {
    FileStamps now = FileStamps.of(watched);
    long time = nanoTime.getAsLong();
    if (!now.equals(latest)) {
      watched.forEach(path -> follow(path, now, time));
      latest = now;
      latestSince = time;
    }
    if (!changed()) {
      sameAsTakenAt = time;
    }
  }

  private void follow(Path path, FileStamps now, long time) {
    if (now.hasSame(path, latest)) {
      return;
    }
    changedAt.put(path, time);
    if (!now.stamps().containsKey(path) || now.isRewritten(path, latest)) {
      writtenInPlace.add(path);
    } else if (now.hasAnother(path, latest)) {
      writtenInPlace.remove(path);
    }
  }

  /** Whether they differ from those that were last taken. */
  boolean changed() {
    return !latest.equals(taken);
  }

  /** For how long they have differed, in nanoseconds. */
  long changedForNanos() {
    return nanoTime.getAsLong() - sameAsTakenAt;
  }

  /** Whether, when they were last looked at, they had been the same for long enough to be read. */
  boolean resting() {
    long rest = latest.isLessThan(inForce) ? REST_OF_SHRUNKEN_NANOS : REST_NANOS;
    return nanoTime.getAsLong() - latestSince >= rest && writer().isEmpty();
  }

  /** For how long one of them had been the same, when they were last looked at, in nanoseconds. */
  long restedNanos(Path path) {
    Long since = changedAt.get(path);
    return since == null ? Long.MAX_VALUE : nanoTime.getAsLong() - since;
  }

  /**
   * Whether the content of one of them was put there piece by piece, as far as anybody could see.
   * One that was moved there in one step, as {@code mv} does, is complete.
   */
  boolean wasWrittenInPlace(Path path) {
    return writtenInPlace.contains(path);
  }

  /** Whether another process has one of them open for writing, changed or not. */
  boolean isOpen(Path path) {
    return OpenWriters.of(latest.regular(path)).isPresent();
  }

  /**
   * The same at the start, before any were read. Files that have long been as they are need not be
   * waited for.
   *
   * @param now by the clock on the wall
   */
  boolean restingAtStart(Instant now) {
    look();
    boolean old = !latest.areChangedAfter(now.minusNanos(REST_NANOS));
    return (old || nanoTime.getAsLong() - latestSince >= REST_NANOS) && anyWriter().isEmpty();
  }

  /** A changed file that another process has open for writing; empty where none is seen. */
  Optional<OpenWriters.Writer> writer() {
    return OpenWriters.of(latest.changedSince(inForce));
  }

  /** A file that another process has open for writing, changed or not. */
  Optional<OpenWriters.Writer> anyWriter() {
    return OpenWriters.of(latest.regular());
  }

  /** Takes the files, as they were when they were last looked at, for read. */
  void take() {
    taken = latest;
    sameAsTakenAt = nanoTime.getAsLong();
  }

  /** What was taken could be used, and is what a next change is compared with. */
  void use() {
    inForce = taken;
  }

  /** Whether the files are still as they were when they were taken. */
  boolean unchangedSinceTaken() {
    return FileStamps.of(watched).equals(taken);
  }
}
